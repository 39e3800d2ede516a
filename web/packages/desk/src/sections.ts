// The task list's order and its colours: pure functions of the rows. Rows keep their place while one
// works: who waits longest is first, one's own chats stand as they were accepted. Nothing jumps.

import type { WireTaskRow } from "@vestibule/client";

export type SectionName = "waiting" | "mine" | "others";
export type Sections = Record<SectionName, WireTaskRow[]>;
export type Patience = "calm" | "amber" | "rose";

const AMBER_AFTER = 2 * 60_000; // ms; what the widget calls "a few minutes" begins here
const ROSE_AFTER = 5 * 60_000; // ms; about when people leave a chat

export function sectionOf(row: WireTaskRow, me: string): SectionName {
  if (row.state === "pending") return row.agent === null || row.agent === me ? "waiting" : "others";
  return row.agent === me ? "mine" : "others";
}

export function sectionsOf(rows: WireTaskRow[], me: string): Sections {
  const sections: Sections = { waiting: [], mine: [], others: [] };
  for (const row of rows) sections[sectionOf(row, me)].push(row);
  sections.waiting.sort((a, b) => Number(b.agent === me) - Number(a.agent === me) || pendingSince(a) - pendingSince(b));
  sections.mine.sort(byAccepted);
  sections.others.sort((a, b) => (a.agent ?? "").localeCompare(b.agent ?? "") || byAccepted(a, b));
  return sections;
}

/**
 * Since when the customer waits for somebody, in ms since 1970; null when nobody waits. `unanswered` is
 * the time of their first message after the last answer, where one knows it.
 */
export function waitingSince(row: WireTaskRow, unanswered?: number): number | null {
  if (row.state === "pending") return pendingSince(row);
  if (row.state !== "accepted") return null;
  if (unanswered !== undefined) return unanswered;
  return row.last_author === row.customer && row.last_date !== null ? Date.parse(row.last_date) : null;
}

export function patienceOf(milliseconds: number): Patience {
  if (milliseconds >= ROSE_AFTER) return "rose";
  return milliseconds >= AMBER_AFTER ? "amber" : "calm";
}

/** When the customer began to wait for an answer: after the last message that is not theirs. */
export function unansweredSince(messages: { author: string; dateCreated: Date }[], customer: string): number | null {
  const answer = messages.findLastIndex((message) => message.author !== customer);
  return messages[answer + 1]?.dateCreated.getTime() ?? null;
}

/** What the title bar counts: who waits, and messages one has not read. */
export function toRead({ waiting, mine }: Sections): number {
  return waiting.length + mine.reduce((sum, row) => sum + row.unread_count, 0);
}

export type LastLine = { kind: "none" | "removed" | "file" } | { kind: "text"; body: string };

/** What stands under a name: `removed` when the newest message is gone. */
export function lastLine(row: WireTaskRow): LastLine {
  if (row.last_body) return { kind: "text", body: row.last_body.slice(0, 200) };
  if (row.has_media) return { kind: "file" };
  return { kind: row.last_index < 0 ? "none" : "removed" };
}

// Somebody who was transferred waits since then, not since the chat began.
function pendingSince(row: WireTaskRow): number {
  return Date.parse(row.date_accepted === null ? row.date_created : row.date_updated);
}

function byAccepted(a: WireTaskRow, b: WireTaskRow): number {
  return Date.parse(a.date_accepted ?? a.date_created) - Date.parse(b.date_accepted ?? b.date_created);
}
