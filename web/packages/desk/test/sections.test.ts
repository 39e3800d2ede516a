import type { WireTaskRow } from "@vestibule/client";
import { describe, expect, test } from "vitest";
import { lastLine, patienceOf, sectionsOf, toRead, unansweredSince, waitingSince } from "../src/sections";
import { formatWait } from "../src/texts";

const at = (minute: number) => new Date(Date.UTC(2026, 4, 4, 9, minute)).toISOString();

function row(name: string, change: Partial<WireTaskRow> = {}): WireTaskRow {
  return {
    sid: `WT${name}`, service_sid: "IS1", channel_sid: `CH${name}`, state: "pending", agent: null, customer: name, customer_name: name,
    attributes: "{}", date_created: at(0), date_updated: at(0), date_accepted: null,
    seq: 0, last_sid: "", last_body: "", last_author: "", last_date: null, last_index: -1, unread_count: 0, has_media: false, ...change,
  };
}

const names = (rows: WireTaskRow[]) => rows.map((one) => one.customer);

describe("the three sections", () => {
  test("who waits longest is first", () => {
    const rows = [row("late", { date_created: at(5) }), row("early", { date_created: at(1) })];
    expect(names(sectionsOf(rows, "grace").waiting)).toEqual(["early", "late"]);
  });

  test("what is offered to me stands above what is offered to all, and not with the others", () => {
    const rows = [row("early", { date_created: at(1) }), row("mine", { agent: "grace", date_created: at(5) }), row("zoe's", { agent: "zoe" })];
    const { waiting, others } = sectionsOf(rows, "grace");
    expect(names(waiting)).toEqual(["mine", "early"]);
    expect(names(others)).toEqual(["zoe's"]);
  });

  test("my chats keep their place whatever is said in them", () => {
    const one = row("one", { state: "accepted", agent: "grace", date_accepted: at(1), last_date: at(2) });
    const two = row("two", { state: "wrapping", agent: "grace", date_accepted: at(2), last_date: at(3) });
    expect(names(sectionsOf([two, one], "grace").mine)).toEqual(["one", "two"]);
    expect(names(sectionsOf([{ ...one, last_date: at(9), unread_count: 4 }, two], "grace").mine)).toEqual(["one", "two"]);
  });

  test("a colleague's chats are with everyone's", () => {
    const { mine, others } = sectionsOf([row("ada", { state: "accepted", agent: "zoe" })], "grace");
    expect([mine.length, others.length]).toEqual([0, 1]);
  });

  test("the title counts who waits and what I have not read", () => {
    const rows = [row("ada"), row("bo", { state: "accepted", agent: "grace", unread_count: 3 }), row("cy", { state: "accepted", agent: "zoe", unread_count: 9 })];
    expect(toRead(sectionsOf(rows, "grace"))).toBe(4);
  });
});

describe("waiting", () => {
  test("a pending customer waits since the chat began", () => {
    expect(waitingSince(row("ada", { date_created: at(3) }))).toBe(Date.parse(at(3)));
  });

  test("one who was transferred waits since then", () => {
    expect(waitingSince(row("ada", { date_accepted: at(2), date_updated: at(7) }))).toBe(Date.parse(at(7)));
  });

  test("one whose last message nobody answered waits", () => {
    const asked = row("ada", { state: "accepted", agent: "grace", last_author: "ada", last_date: at(4) });
    expect(waitingSince(asked)).toBe(Date.parse(at(4)));
    expect(waitingSince(asked, 17)).toBe(17);
    expect(waitingSince({ ...asked, last_author: "grace" })).toBeNull();
  });

  test("nobody waits in a chat that has ended", () => {
    expect(waitingSince(row("ada", { state: "wrapping", last_author: "ada", last_date: at(4) }), 17)).toBeNull();
  });

  test("it begins with the first message after the last answer", () => {
    const said = (author: string, minute: number) => ({ author, dateCreated: new Date(at(minute)) });
    expect(unansweredSince([said("ada", 1), said("grace", 2), said("ada", 3), said("ada", 4)], "ada")).toBe(Date.parse(at(3)));
    expect(unansweredSince([said("ada", 1), said("grace", 2)], "ada")).toBeNull();
    expect(unansweredSince([], "ada")).toBeNull();
  });

  test("it turns amber after two minutes and rose after five", () => {
    expect([0, 119_999, 120_000, 299_999, 300_000].map(patienceOf)).toEqual(["calm", "calm", "amber", "amber", "rose"]);
  });

  test("it is told as one says it", () => {
    const minutes = [0.5, 1, 59, 60, 95, 60 * 7 + 20, 60 * 24, 60 * 50];
    expect(minutes.map((count) => formatWait(count * 60_000))).toEqual(["now", "1 min", "59 min", "1 h", "1 h 35 min", "7 h", "1 day", "2 days"]);
  });
});

test("the line under a name says what there is", () => {
  expect(lastLine(row("ada"))).toEqual({ kind: "none" });
  expect(lastLine(row("ada", { last_index: 4 }))).toEqual({ kind: "removed" });
  expect(lastLine(row("ada", { last_index: 4, has_media: true }))).toEqual({ kind: "file" });
  expect(lastLine(row("ada", { last_index: 4, last_body: "Hello", has_media: true }))).toEqual({ kind: "text", body: "Hello" });
});
