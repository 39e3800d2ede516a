import { backoff, sleep } from "./backoff";
import { Emitter } from "./emitter";
import { ChatError, isChatError } from "./errors";
import type { Keep } from "./keep";
import type { WireMessage } from "./wire";

/** A message on its way. `key` names it: however often it is sent, it is added once. */
export interface Draft {
  key: string;
  channelSid: string;
  body: string;
  attributes: string;
  mediaSid?: string;
  date: number; // ms since 1970
}

export interface Pending extends Draft {
  state: "waiting" | "sending" | "failed";
  error: ChatError | null;
  /** The message that came back by the channel's stream before our answer did. */
  seenAs: string | null;
}

interface Entry {
  pending: Pending;
  resolve: (message: WireMessage) => void;
  reject: (error: unknown) => void;
}

export interface OutboxOptions {
  keep: Keep;
  identity: string;
  /** Sends one message and gives it back as added. */
  send: (draft: Draft) => Promise<WireMessage>;
  isOnline: () => boolean;
}

/**
 * Messages until the server has them, in order, over reconnects and reloads. One that the server says
 * no to for good stays, as `failed`, until it is retried or dropped; it does not hold up the others. One that
 * was added and deleted before our answer came goes without a word.
 */
export class Outbox extends Emitter<{ changed: [string] }> {
  #options: OutboxOptions;
  #entries: Entry[] = [];
  #isSending = false;
  #attempt = 0;

  constructor(options: OutboxOptions) {
    super();
    this.#options = options;
    this.#restore();
  }

  of(channelSid: string): Pending[] {
    return this.#entries.map((entry) => entry.pending).filter((pending) => pending.channelSid === channelSid);
  }

  /** Resolves when the message is added. Rejects when the server says no for good, or it is dropped. */
  add(draft: Draft): Promise<WireMessage> {
    this.#options.keep.set(this.#name(draft.key), JSON.stringify(draft));
    const added = new Promise<WireMessage>((resolve, reject) => this.#push(draft, resolve, reject));
    void this.flush();
    return added;
  }

  retry(key: string): void {
    const entry = this.#find(key);
    if (!entry) return;
    this.#become(entry.pending, "waiting");
    void this.flush();
  }

  drop(key: string): void {
    const entry = this.#find(key);
    if (!entry) return;
    this.#forget(entry);
    entry.reject(entry.pending.error ?? new ChatError({ message: "The message was not sent.", reason: "dropped" }));
  }

  /** Notes that `message` came by the stream, so that it is not shown twice meanwhile. */
  saw(message: WireMessage): void {
    const match = this.#entries.find(
      ({ pending }) => pending.channelSid === message.channel_sid && isSame(pending, message) && !pending.seenAs,
    );
    if (match) match.pending.seenAs = message.sid;
  }

  /** Sends what waits. Called when a connection is there; harmless otherwise. */
  async flush(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let entry = this.#next(); entry && this.#options.isOnline(); entry = this.#next()) await this.#send(entry);
    } finally {
      this.#isSending = false;
    }
  }

  async #send(entry: Entry): Promise<void> {
    this.#become(entry.pending, "sending");
    try {
      const message = await this.#options.send(entry.pending);
      this.#attempt = 0;
      this.#forget(entry);
      entry.resolve(message);
    } catch (error) {
      await this.#failed(entry, isChatError(error) ? error : new ChatError({ message: String(error) }));
    }
  }

  async #failed(entry: Entry, error: ChatError): Promise<void> {
    if (error.isTemporary) {
      this.#become(entry.pending, "waiting");
      if (this.#options.isOnline()) await sleep(backoff(this.#attempt++));
      return;
    }
    this.#become(entry.pending, "failed");
    entry.pending.error = error;
    entry.reject(error);
    // What was added before our answer came and is deleted by now needs no retry; of a file its upload's card tells.
    if (entry.pending.mediaSid || error.reason === "message_gone") this.drop(entry.pending.key);
  }

  #next(): Entry | undefined {
    return this.#entries.find((entry) => entry.pending.state === "waiting");
  }

  #find(key: string): Entry | undefined {
    return this.#entries.find((entry) => entry.pending.key === key);
  }

  #push(draft: Draft, resolve: Entry["resolve"], reject: Entry["reject"]): void {
    const pending: Pending = { ...draft, state: "waiting", error: null, seenAs: null };
    this.#entries.push({ pending, resolve, reject });
    this.emit("changed", draft.channelSid);
  }

  #forget(entry: Entry): void {
    this.#entries = this.#entries.filter((one) => one !== entry);
    this.#options.keep.remove(this.#name(entry.pending.key));
    this.emit("changed", entry.pending.channelSid);
  }

  #become(pending: Pending, state: Pending["state"]): void {
    pending.state = state;
    if (state !== "failed") pending.error = null;
    this.emit("changed", pending.channelSid);
  }

  #restore(): void {
    const kept = this.#options.keep.keys(this.#name("")).map((key) => this.#options.keep.get(key));
    const drafts = kept.flatMap((text) => (text ? [JSON.parse(text) as Draft] : []));
    for (const draft of drafts.sort((a, b) => a.date - b.date)) this.#push(draft, () => undefined, () => undefined);
  }

  #name(key: string): string {
    return `vestibule:outbox:${this.#options.identity}:${key}`;
  }
}

function isSame(pending: Pending, message: WireMessage): boolean {
  if (pending.mediaSid) return message.media?.sid === pending.mediaSid;
  return !message.media && pending.body === message.body && pending.state === "sending";
}

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
