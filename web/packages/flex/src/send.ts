// What the composer does, in the order that plugins expect: DetachFile, SendMediaMessage, SendMessage.

import { isChatError, newKey, type Attributes } from "@vestibule/client";
import type { Actions } from "./actions";
import type { AttachedFile, ChannelState } from "./channel-state";
import { causeOf, CoreError } from "./errors";
import type { Notifications } from "./notifications";

/** Puts files into the composer. Each is shown at once, and goes again if a listener says no. */
export async function attachFiles(actions: Actions, notifications: Notifications, channel: ChannelState, files: File[]): Promise<void> {
  for (const file of files) channel.attach(file, true);
  await Promise.all(files.map((file) => attach(actions, notifications, channel, file)));
}

async function attach(actions: Actions, notifications: Notifications, channel: ChannelState, file: File): Promise<void> {
  try {
    await actions.invokeAction("AttachFile", { file, channel });
  } catch (error) {
    channel.detach(file);
    tellIfStopped(notifications, file, error);
  }
}

/** Sends what the composer holds. Cards and bubbles show how it goes on from there. */
export function sendInput(actions: Actions, notifications: Notifications, channel: ChannelState): void {
  for (const attached of channel.attachedFiles.filter((one) => !one.isChecking)) sendFile(actions, notifications, channel, attached);
  if (channel.inputText.trim()) void sendText(actions, notifications, channel);
}

function sendFile(actions: Actions, notifications: Notifications, channel: ChannelState, attached: AttachedFile): void {
  const { file } = attached;
  void actions.tryInvokeAction("DetachFile", { file, channel });
  actions
    .invokeAction("SendMediaMessage", { file, channel, messageAttributes: attributesOf(attached) })
    .catch((error: unknown) => tellIfStopped(notifications, file, error));
}

async function sendText(actions: Actions, notifications: Notifications, channel: ChannelState): Promise<void> {
  const payload = { body: channel.inputText, channel, messageAttributes: {}, key: newKey() };
  try {
    await actions.invokeAction("SendMessage", payload);
  } catch (error) {
    const cause = causeOf(error);
    if (isChatError(cause)) return; // the message itself says so
    notifications.show("MessageStopped", {}, { kind: "error" });
  }
}

function attributesOf({ description }: AttachedFile): Attributes {
  return description ? { description } : {};
}

// Nothing disappears in silence: what was stopped before it began has no card to say so.
function tellIfStopped(notifications: Notifications, file: File, error: unknown): void {
  const cause = causeOf(error);
  if (isChatError(cause) || (cause instanceof DOMException && cause.name === "AbortError")) return;
  if (error instanceof CoreError && /Invalid file/.test(error.message)) return; // already told
  const code = error instanceof CoreError ? "FileNotChecked" : "FileStopped";
  notifications.show(code, { fileName: file.name }, { kind: "error" });
}
