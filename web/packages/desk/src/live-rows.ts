// The service's stream tells when a task changes, not what is said. So the list follows the streams of
// the chats it shows: last line, unread, and since when a customer waits for an answer.

import type { Channel, Client, TaskList, WireEvent, WireMessage, WireTaskRow } from "@vestibule/client";
import { unansweredSince } from "./sections";

export class LiveRows {
  readonly #client: Client;
  readonly #tasks: TaskList;
  readonly #stops = new Map<string, () => unknown>();
  readonly #attached = new Set<string>();
  readonly #since = new Map<string, number>();
  readonly #said: (row: WireTaskRow) => void;

  /** `said` is told a row to which a customer has just added a message. */
  constructor(client: Client, tasks: TaskList, said: (row: WireTaskRow) => void) {
    this.#client = client;
    this.#tasks = tasks;
    this.#said = said;
  }

  /** The time of the customer's first message that nobody answered yet. */
  unanswered(channelSid: string): number | undefined {
    return this.#since.get(channelSid);
  }

  /** Follows these rows' chats, and no others. */
  show(rows: WireTaskRow[]): void {
    const wanted = new Set(rows.map((row) => row.channel_sid));
    for (const sid of [...this.#stops.keys()]) if (!wanted.has(sid)) this.#forget(sid);
    for (const sid of wanted) if (!this.#stops.has(sid)) this.#begin(sid);
  }

  /** An open channel knows more, and follows the same stream: it takes over. */
  attach(channel: Channel): void {
    const { sid } = channel;
    if (this.#attached.has(sid) || !this.#rowOf(sid)) return;
    this.#attached.add(sid);
    const stops = [
      channel.listen("messageAdded", (message) => this.#heardIn(channel, message.author)),
      channel.listen("changed", () => this.#copy(channel)),
    ];
    this.#stops.set(sid, () => stops.forEach((stop) => stop()));
    this.#copy(channel);
  }

  close(): void {
    for (const sid of [...this.#stops.keys()]) this.#forget(sid);
  }

  #begin(sid: string): void {
    const open = this.#client.channel(sid);
    if (open) return this.attach(open);
    const row = this.#rowOf(sid);
    if (!row) return;
    if (row.last_author === row.customer && row.last_date) this.#since.set(sid, Date.parse(row.last_date));
    const stop = this.#client.follow(sid, row.seq, (event) => this.#hear(sid, event));
    this.#stops.set(sid, () => this.#client.channel(sid) ?? stop());
  }

  #forget(sid: string): void {
    this.#stops.get(sid)?.();
    for (const known of [this.#stops, this.#attached, this.#since]) known.delete(sid);
  }

  #hear(sid: string, event: WireEvent): void {
    const row = this.#rowOf(sid);
    if (!row) return;
    if (event.kind === "MessageAdded" && event.message) this.#added(row, event.message);
    else if (event.kind === "MessageRemoved" && row.last_sid === event.sid) this.#patch(row, { last_body: "", has_media: false });
    else if (event.kind === "MemberUpdated" && event.member?.identity === this.#client.identity) {
      this.#patch(row, { unread_count: Math.max(0, row.last_index - (event.member.last_consumed_message_index ?? -1)) });
    }
  }

  #added(row: WireTaskRow, message: WireMessage): void {
    if (message.index <= row.last_index) return; // shown again: the row had it already
    const isMine = message.author === this.#client.identity;
    if (message.author !== row.customer) this.#since.delete(row.channel_sid);
    else if (!this.#since.has(row.channel_sid)) this.#since.set(row.channel_sid, Date.parse(message.date_created));
    this.#patch(row, { ...lineOf(message), unread_count: isMine ? 0 : row.unread_count + 1 });
    if (message.author === row.customer) this.#said(row);
  }

  #heardIn(channel: Channel, author: string): void {
    const row = this.#rowOf(channel.sid);
    if (row && author === row.customer) this.#said(row);
  }

  #copy(channel: Channel): void {
    const row = this.#rowOf(channel.sid);
    if (!row) return;
    const since = unansweredSince(channel.messages, row.customer);
    if (since === null) this.#since.delete(channel.sid);
    else this.#since.set(channel.sid, since);
    const last = channel.messages.at(-1);
    this.#patch(row, {
      last_sid: last?.sid ?? "",
      last_body: last?.body ?? "",
      last_author: last?.author ?? "",
      last_date: last?.dateCreated.toISOString() ?? null,
      last_index: Math.max(row.last_index, last?.index ?? -1),
      has_media: last?.type === "media",
      unread_count: channel.unreadCount,
    });
  }

  #patch(row: WireTaskRow, change: Partial<WireTaskRow>): void {
    const keys = Object.keys(change) as (keyof WireTaskRow)[];
    if (keys.some((key) => change[key] !== row[key])) this.#tasks.patch(row.channel_sid, change);
  }

  #rowOf(channelSid: string): WireTaskRow | undefined {
    return this.#tasks.rows.find((row) => row.channel_sid === channelSid);
  }
}

function lineOf(message: WireMessage): Partial<WireTaskRow> {
  const { sid, body, author, date_created, index, media } = message;
  return { last_sid: sid, last_body: body, last_author: author, last_date: date_created, last_index: index, has_media: media !== null };
}
