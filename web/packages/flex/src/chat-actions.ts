// The chat's actions. The user interface does nothing by itself: it invokes these, so that a plugin
// may stand before, after or in place of each.

import type { Attributes, LinkRequest, Member, Message } from "@vestibule/client";
import type { ActionFunction, Actions } from "./actions";
import type { ChannelState, Chats } from "./channel-state";
import { CoreError } from "./errors";
import { fileProblem, type FileProblem, type FileRules } from "./files";
import type { Notifications } from "./notifications";

interface InChannel {
  channel: ChannelState;
  channelSid: string;
}

export interface SendMessagePayload extends InChannel {
  body: string;
  messageAttributes?: Attributes;
  /** The message's own name; sending it twice adds it once. */
  key?: string;
}

export interface FilePayload extends InChannel {
  file: File;
  messageAttributes?: Attributes;
}

export interface DownloadMediaPayload {
  message: Message;
  /** `save` (if left out) gives it to the device, `view` opens it over the chat, `play` resolves with an address to play. */
  purpose?: "save" | "view" | "play";
}

export interface SetInputTextPayload extends InChannel {
  body: string;
  selectionStart?: number;
  selectionEnd?: number;
}

export interface ChatActionParts {
  chats: Chats;
  notifications: Notifications;
  rules: () => FileRules;
  /** Shows a picture, film or page over the chat. */
  view: (message: Message) => void;
  /** Gives a file to the device. */
  save?: (url: string, filename: string) => void;
}

export function registerChatActions(actions: Actions, parts: ChatActionParts): void {
  const inChannel = (payload: Partial<InChannel>) => fillChannel(parts.chats, payload);
  const register = (name: string, body: ActionFunction) => actions.registerAction(name, body, inChannel);
  register("SendMessage", sendMessage);
  register("SendMediaMessage", (payload: FilePayload) => sendMediaMessage(parts, payload));
  register("AttachFile", (payload: FilePayload) => attachFile(parts, payload));
  register("DetachFile", ({ channel, file }: FilePayload) => channel.detach(file));
  register("SetInputText", (payload: SetInputTextPayload) => setInputText(actions, payload));
  register("SendTyping", ({ channel }: InChannel) => channel.source.typing());
  actions.registerAction("DownloadMedia", (payload: DownloadMediaPayload) => downloadMedia(parts, payload));
  actions.registerAction("DeleteMessage", ({ message }: { message: Message }) => message.remove());
  actions.registerAction("UpdateMember", ({ member, role }: { member: Member; role: string }) => member.updateRole(role));
}

/** Fills in whichever of `channel` and `channelSid` is missing, in the caller's object, as Flex does. */
export function fillChannel(chats: Chats, payload: Partial<InChannel> | undefined): void {
  if (!payload) return;
  if (payload.channel) payload.channelSid ??= payload.channel.sid;
  else if (payload.channelSid) {
    const known = chats.get(payload.channelSid);
    if (known) payload.channel = known;
  }
  if (!payload.channel) throw new CoreError("No channel", { description: `There is no open channel ${payload.channelSid ?? ""}.` });
}

// A message that is not taken stays in the list, where it can be retried: no text is lost.
function sendMessage({ channel, body, messageAttributes, key }: SendMessagePayload): Promise<number> {
  if (channel.inputText === body) channel.setText("");
  return channel.source.sendMessage(body, messageAttributes, key);
}

function sendMediaMessage(parts: ChatActionParts, { channel, file, messageAttributes }: FilePayload): Promise<number> {
  mustFit(parts, file, "Failed to send message.");
  return channel.source.sendFile(file, messageAttributes).done;
}

function attachFile(parts: ChatActionParts, { channel, file }: FilePayload): void {
  mustFit(parts, file, "Failed to attach.");
  channel.accept(file);
}

async function setInputText(actions: Actions, payload: SetInputTextPayload): Promise<void> {
  const { channel, body, selectionStart, selectionEnd } = payload;
  channel.setText(body, selectionStart, selectionEnd);
  if (body) await actions.tryInvokeAction("SendTyping", { channel });
}

async function downloadMedia(parts: ChatActionParts, { message, purpose = "save" }: DownloadMediaPayload): Promise<string | undefined> {
  if (!message.media) return undefined;
  if (purpose === "play") return message.media.getContentUrl({ disposition: "inline" });
  if (purpose === "view") {
    parts.view(message);
    return undefined;
  }
  const request: LinkRequest = { disposition: "attachment" };
  (parts.save ?? save)(await message.media.getContentUrl(request), message.media.filename);
  return undefined;
}

function mustFit(parts: ChatActionParts, file: File, what: string): void {
  const rules = parts.rules();
  const problem = fileProblem(file, rules);
  if (!problem) return;
  const fields = { fileName: file.name, maxBytes: rules.max_bytes, words: rules.words };
  parts.notifications.show(problem, fields, { kind: "error" });
  throw new CoreError(`${what} ${SAYS[problem]}`, { description: problem });
}

const SAYS: Record<FileProblem, string> = {
  FileEmpty: "Invalid file size",
  FileTooLarge: "Invalid file size",
  FileTypeNotAccepted: "Invalid file type",
};

/** Gives a file to the device. */
// A link rather than a window: after a wait for listeners, a browser takes a new window for a pop-up.
export function save(url: string, filename: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.rel = "noopener";
  document.body.append(link);
  link.click();
  link.remove();
}
