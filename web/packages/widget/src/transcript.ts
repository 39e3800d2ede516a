import type { Channel, Message } from "@vestibule/client";

/** The whole conversation as plain text, oldest first. */
export async function transcriptOf(channel: Channel, title: string, locale?: string): Promise<string> {
  while (channel.hasEarlier) await channel.loadEarlier();
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const lines = channel.messages.map((message) => lineOf(channel, message, format));
  return [title, format.format(channel.dateCreated), "", ...lines, ""].join("\n");
}

function lineOf(channel: Channel, message: Message, format: Intl.DateTimeFormat): string {
  const name = channel.nameOf(message.author);
  const file = message.media && !message.media.isGone ? `[${message.media.filename}]` : "";
  return `${format.format(message.dateCreated)}  ${name}: ${[message.body, file].filter(Boolean).join(" ")}`;
}
