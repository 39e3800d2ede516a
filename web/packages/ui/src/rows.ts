// What a conversation shows, row by row: one pure function of the channel.

import type { Channel, Message, Pending, Upload, WireNotAccepted } from "@vestibule/client";
import { startOfDay } from "./format";

export interface Grouping {
  /** First and last of what one person said within two minutes. */
  startsGroup: boolean;
  endsGroup: boolean;
}

export type Row =
  | { kind: "day"; key: string; date: Date }
  | ({ kind: "message"; key: string; message: Message } & Grouping)
  | ({ kind: "pending"; key: string; pending: Pending } & Grouping)
  | ({ kind: "upload"; key: string; upload: Upload } & Grouping)
  | { kind: "notAccepted"; key: string; told: WireNotAccepted; isMine: boolean }
  | { kind: "removed"; key: string; count: number; isFile: boolean };

interface Item {
  time: number;
  /** Who said it; null breaks a group. */
  author: string | null;
  row: Row;
}

const GROUP_WITHIN = 120_000; // ms

export function rowsOf(channel: Channel): Row[] {
  const mine = [...uploadItems(channel), ...pendingItems(channel)];
  const items = [...messageItems(channel), ...toldItems(channel), ...mine.filter((item) => isSettled(item.row))];
  items.sort((a, b) => a.time - b.time);
  items.push(...mine.filter((item) => !isSettled(item.row)));
  return withDays(grouped(items));
}

function messageItems(channel: Channel): Item[] {
  const items: Item[] = [];
  let next = channel.messages[0]?.index ?? 0;
  for (const message of channel.messages) {
    const time = message.dateCreated.getTime();
    if (message.index > next) items.push(removedItem(channel, next, message.index, time));
    items.push({ time, author: message.author, row: { kind: "message", key: message.sid, message, startsGroup: true, endsGroup: true } });
    next = message.index + 1;
  }
  const last = Math.max(-1, ...channel.removed.map((one) => one.index)) + 1;
  const isAfter = last > next || (channel.messages.length === 0 && last > 0);
  if (isAfter) items.push(removedItem(channel, next, last, items.at(-1)?.time ?? channel.dateCreated.getTime()));
  return items;
}

// What is still on its way comes last; what was not taken stays where it was tried.
function isSettled(row: Row): boolean {
  if (row.kind === "upload") return ["refused", "failed", "held"].includes(row.upload.state);
  return row.kind === "pending" && row.pending.state === "failed";
}

// Indexes are never used twice, so one that is missing was deleted.
function removedItem(channel: Channel, from: number, to: number, time: number): Item {
  const known = channel.removed.filter((one) => one.index >= from && one.index < to);
  const isFile = to - from === 1 && known[0]?.isFile === true;
  return { time, author: null, row: { kind: "removed", key: `removed ${from}`, count: to - from, isFile } };
}

function toldItems(channel: Channel): Item[] {
  const uploads = new Set(channel.uploads.map((upload) => upload.mediaSid));
  return channel.refusals
    .filter(({ media }) => media.message_sid === null) // else its message says so
    .filter(({ media }) => !uploads.has(media.sid) && !channel.isDismissed(media.sid))
    .filter(({ media }) => !channel.uploads.some((upload) => upload._is(media)))
    .map((told) => ({ time: Date.parse(told.date), author: null, row: toldRow(channel, told) }));
}

function toldRow(channel: Channel, told: WireNotAccepted): Row {
  const isMine = told.media.author === channel.client.identity;
  return { kind: "notAccepted", key: told.media.sid, told, isMine };
}

function uploadItems(channel: Channel): Item[] {
  const has = new Set(channel.messages.map((message) => message.media?.sid));
  return channel.uploads
    .filter((upload) => !has.has(upload.mediaSid))
    .map((upload) => ({
      time: upload.date,
      author: channel.client.identity,
      row: { kind: "upload", key: upload.id, upload, startsGroup: true, endsGroup: true },
    }));
}

function pendingItems(channel: Channel): Item[] {
  return channel.pending.map((pending) => ({
    time: pending.date,
    author: channel.client.identity,
    row: { kind: "pending", key: pending.key, pending, startsGroup: true, endsGroup: true },
  }));
}

function grouped(items: Item[]): Item[] {
  return items.map((item, place) => {
    if (!("startsGroup" in item.row)) return item;
    const startsGroup = !belong(items[place - 1], item);
    const endsGroup = !belong(item, items[place + 1]);
    return { ...item, row: { ...item.row, startsGroup, endsGroup } };
  });
}

function belong(a: Item | undefined, b: Item | undefined): boolean {
  if (!a || !b || a.author === null || a.author !== b.author) return false;
  return b.time - a.time < GROUP_WITHIN && startOfDay(new Date(a.time)) === startOfDay(new Date(b.time));
}

function withDays(items: Item[]): Row[] {
  const rows: Row[] = [];
  let day = 0;
  for (const { time, row } of items) {
    const start = startOfDay(new Date(time));
    if (start !== day) rows.push({ kind: "day", key: `day ${start}`, date: new Date(time) });
    day = start;
    rows.push(row);
  }
  return rows;
}
