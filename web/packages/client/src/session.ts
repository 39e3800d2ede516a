// The doors: how a visitor and an agent come to a client.

import { Client, type ClientOptions } from "./client";
import { ChatError, isChatError } from "./errors";
import { Http } from "./http";
import type { DeskSession, Site, StartedChat } from "./wire";

export interface NewChat {
  friendly_name?: string;
  email?: string;
  attributes?: Record<string, unknown>;
}

/** What the operator set for widgets: names, greeting, accent, files. */
export function getSite(origin: string): Promise<Site> {
  return new Http({ origin }).get<Site>("/v1/site");
}

export function startChat(origin: string, chat: NewChat = {}): Promise<StartedChat> {
  const body = { ...chat, ...(chat.attributes && { attributes: JSON.stringify(chat.attributes) }) };
  return new Http({ origin }).post<StartedChat>("/v1/chats", body);
}

/** null when the word is no longer good: start again. */
export async function resumeChat(origin: string, resume: string): Promise<StartedChat | null> {
  return orNull(new Http({ origin }).post<StartedChat>("/v1/chats/resume", { resume }));
}

/** A visitor's client. `onResume` is told each new `resume` word. */
export function visitorClient(
  origin: string,
  chat: StartedChat,
  onResume: (word: string) => void,
  options: Partial<ClientOptions> = {},
): Client {
  let word = chat.resume;
  const refresh = async () => {
    const next = await new Http({ origin }).post<StartedChat>("/v1/chats/resume", { resume: word });
    word = next.resume;
    onResume(word);
    return next;
  };
  return new Client({ origin, identity: chat.identity, token: chat.token, expires: chat.expires, refresh, ...options });
}

/** Raises `ChatError`: 401 for a wrong name or password, 429 after too many. */
export function signIn(origin: string, name: string, password: string): Promise<DeskSession> {
  return deskHttp(origin).post<DeskSession>("/v1/session", { name, password });
}

/** The session of this browser's cookie; null without one. */
export async function currentSession(origin: string): Promise<DeskSession | null> {
  return (await orNull(deskHttp(origin).get<DeskSession | undefined>("/v1/session"))) ?? null;
}

async function refreshedSession(origin: string): Promise<DeskSession> {
  const session = await currentSession(origin);
  if (!session) throw new ChatError({ status: 401, reason: "not_authenticated", message: "You are not signed in any more." });
  return session;
}

export async function signOut(origin: string, csrf: string): Promise<void> {
  await deskHttp(origin, csrf).delete("/v1/session");
}

export function deskClient(origin: string, session: DeskSession, options: Partial<ClientOptions> = {}): Client {
  const refresh = () => refreshedSession(origin);
  const { identity, token, expires } = session;
  return new Client({ origin, identity, token, expires, refresh, ...options });
}

/** Requests that carry the desk's cookie, as operators' functions need it. */
export function deskHttp(origin: string, csrf?: string): Http {
  return new Http({ origin, credentials: "same-origin", csrf: () => csrf ?? null });
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isChatError(error) && error.status === 401) return null;
    throw error;
  }
}
