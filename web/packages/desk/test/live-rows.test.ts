// @vitest-environment happy-dom
import { Client, TaskList, memoryKeep, type WireTask, type WireTaskRow } from "@vestibule/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSocket, settled } from "../../client/test/fakes";
import { aMember, aMessage, aView } from "../../client/test/wires";
import { LiveRows } from "../src/live-rows";

const WHEN = "2026-11-24T10:00:00Z";
const task: WireTask = {
  sid: "WT1", service_sid: "IS1", channel_sid: "CH1", state: "accepted", agent: "me", customer: "nora", customer_name: "Nora",
  attributes: "{}", date_created: WHEN, date_updated: WHEN, date_accepted: WHEN,
};
const row: WireTaskRow = { ...task, seq: 3, last_sid: "", last_body: "", last_author: "", last_date: null, last_index: -1, unread_count: 0, has_media: false };

let view = aView();
let client: Client;
let tasks: TaskList;
let live: LiveRows;
let asked: string[];
let said: string[];

beforeEach(async () => {
  FakeSocket.all = [];
  asked = [];
  said = [];
  view = aView({ seq: 3 });
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    const body = url.includes("/v1/tasks") ? { tasks: [row], seq: 1 } : view;
    return Promise.resolve(new Response(JSON.stringify(body)));
  });
  client = new Client({ origin: "https://chat.example.com", identity: "me", token: "t", expires: "2999-01-01T00:00:00Z", refresh: () => Promise.reject(new Error()), keep: memoryKeep(), WebSocket: FakeSocket as unknown as typeof WebSocket }).connect();
  await settled();
  await FakeSocket.last.welcome();
  tasks = new TaskList(client);
  await tasks.open();
  live = new LiveRows(client, tasks, (one) => said.push(one.last_body));
});

afterEach(async () => {
  live.close();
  await client.shutdown();
  vi.unstubAllGlobals();
});

const first = () => tasks.rows[0] as WireTaskRow;
const hears = (seq: number, rest: object) => FakeSocket.last.event("CH1", seq, rest);

async function show(): Promise<void> {
  live.show(tasks.rows);
  await vi.waitFor(() => expect(FakeSocket.last.of("subscribe").some((frame) => frame["stream"] === "CH1")).toBe(true));
}

test("a row shows what is said, and counts it", async () => {
  await show();
  hears(4, { kind: "MessageAdded", sid: "IM0", message: aMessage(0, { body: "Hello?" }) });
  hears(5, { kind: "MessageAdded", sid: "IM1", message: aMessage(1, { body: "Anybody?" }) });
  expect(first()).toMatchObject({ last_body: "Anybody?", last_author: "nora", last_index: 1, unread_count: 2 });
  expect(said).toHaveLength(2);
});

test("somebody waits since their first message without answer, until there is one", async () => {
  await show();
  hears(4, { kind: "MessageAdded", sid: "IM0", message: aMessage(0, { date_created: "2026-11-24T10:01:00Z" }) });
  hears(5, { kind: "MessageAdded", sid: "IM1", message: aMessage(1, { date_created: "2026-11-24T10:02:00Z" }) });
  expect(live.unanswered("CH1")).toBe(Date.parse("2026-11-24T10:01:00Z"));
  hears(6, { kind: "MessageAdded", sid: "IM2", message: aMessage(2, { author: "me" }) });
  expect(live.unanswered("CH1")).toBeUndefined();
  expect(first().unread_count).toBe(0);
});

test("a message that was deleted is not shown any longer", async () => {
  await show();
  hears(4, { kind: "MessageAdded", sid: "IM0", message: aMessage(0, { body: "Secret" }) });
  hears(5, { kind: "MessageRemoved", sid: "IM0" });
  expect(first()).toMatchObject({ last_body: "", last_index: 0 });
});

test("what one read in another tab is not unread here", async () => {
  await show();
  hears(4, { kind: "MessageAdded", sid: "IM0", message: aMessage(0) });
  hears(5, { kind: "MemberUpdated", sid: "MBme", member: aMember("me", { last_consumed_message_index: 0 }) });
  expect(first().unread_count).toBe(0);
});

test("an open chat takes over its row, and the stream is followed once", async () => {
  await show();
  view = aView({ seq: 4, messages: [aMessage(0, { body: "From the chat" })] });
  live.attach(await client.getChannelBySid("CH1"));
  expect(first().last_body).toBe("From the chat");
  hears(5, { kind: "MessageAdded", sid: "IM1", message: aMessage(1, { body: "And on" }) });
  await settled();
  expect(first()).toMatchObject({ last_body: "And on", unread_count: 2 });
});

test("a row that is out of sight is not followed", async () => {
  await show();
  live.show([]);
  expect(FakeSocket.last.of("unsubscribe")).toMatchObject([{ stream: "CH1" }]);
  expect(asked.filter((url) => url.includes("/v1/channels/"))).toHaveLength(0);
});

test("a row that comes back into sight counts nothing twice", async () => {
  await show();
  hears(4, { kind: "MessageAdded", sid: "IM0", message: aMessage(0, { body: "Hello?" }) });
  live.show([]);
  live.show(tasks.rows);
  hears(4, { kind: "MessageAdded", sid: "IM0", message: aMessage(0, { body: "Hello?" }) });
  expect(first().unread_count).toBe(1);
});

test("a task whose channel was deleted leaves the list", async () => {
  FakeSocket.last.event("IS1", 2, { kind: "TaskUpdated", sid: "WT1", task: null });
  expect(tasks.rows).toEqual([]);
});
