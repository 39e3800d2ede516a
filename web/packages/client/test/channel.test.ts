// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Client, memoryKeep, type Channel, type WireChannelView, type WireMessage } from "../src/index";
import { FakeSocket, settled } from "./fakes";
import { aMedia, aMember, aMessage, aView } from "./wires";

let answers: Record<string, unknown>;
let asked: string[];

async function open(view: Partial<WireChannelView> = {}): Promise<{ client: Client; channel: Channel }> {
  answers["GET /v1/channels/CH1?limit=50"] = aView(view);
  const client = new Client({
    origin: "https://chat.example.com",
    identity: "me",
    token: "tok",
    expires: "2099-01-01T00:00:00Z",
    refresh: () => Promise.reject(new Error("not needed")),
    keep: memoryKeep(),
    WebSocket: FakeSocket as unknown as typeof WebSocket,
  }).connect();
  await settled();
  await FakeSocket.last.welcome();
  return { client, channel: await client.getChannelBySid("CH1") };
}

const event = (channel: Channel, kind: string, rest: object) => channel._hear({ kind, stream: "CH1", seq: 1, sid: "IM0", ...rest });

beforeEach(() => {
  FakeSocket.all = [];
  answers = {};
  asked = [];
  vi.stubGlobal("fetch", (url: string, { method = "GET" }: RequestInit) => {
    const name = `${method} ${url.replace("https://chat.example.com", "")}`;
    asked.push(name);
    return Promise.resolve(new Response(JSON.stringify(answers[name] ?? {}), { status: name in answers ? 200 : 404 }));
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("a channel", () => {
  it("shows what the snapshot had, and follows from its seq", async () => {
    const { channel } = await open({ messages: [aMessage(0)], seq: 9 });
    expect(channel.messages.map((one) => one.body)).toEqual(["message 0"]);
    expect(FakeSocket.last.of("subscribe")).toMatchObject([{ stream: "CH1", seq: 9 }]);
  });

  it("adds each message once, in order of index, and tells", async () => {
    const { channel } = await open();
    const added = vi.fn();
    channel.on("messageAdded", added);
    for (const index of [1, 0, 1]) event(channel, "MessageAdded", { message: aMessage(index) });
    expect(channel.messages.map((one) => one.index)).toEqual([0, 1]);
    expect(added).toHaveBeenCalledTimes(2);
  });

  it("takes a deleted message away, and remembers that a file was there", async () => {
    const { channel } = await open({ messages: [aMessage(0, { media: aMedia() })] });
    event(channel, "MessageRemoved", { sid: "IM0" });
    event(channel, "MessageAdded", { message: aMessage(0) }); // a late echo does not bring it back
    expect([channel.messages, channel.removed]).toEqual([[], [{ index: 0, isFile: true }]]);
  });

  it("knows that one is blocked as soon as the role changes", async () => {
    const { channel } = await open();
    expect(channel.isBlocked).toBe(false);
    event(channel, "MemberUpdated", { member: aMember("me", { role: "blockedUser" }) });
    expect(channel.isBlocked).toBe(true);
  });

  it("goes on calling people by their names after they left", async () => {
    const { channel } = await open({ members: [aMember("me"), aMember("nora", { friendly_name: "Nora" })] });
    event(channel, "MemberRemoved", { sid: "MBnora" });
    expect([channel.memberOf("nora"), channel.nameOf("nora")]).toEqual([undefined, "Nora"]);
  });

  it("counts what others said after one's read mark", async () => {
    const mine = aMember("me", { last_consumed_message_index: 0 });
    const { channel } = await open({ members: [mine], messages: [aMessage(0), aMessage(1), aMessage(2, { author: "me" })] });
    expect(channel.unreadCount).toBe(1);
    await Promise.race([channel.setAllMessagesConsumed(), settled()]);
    expect(channel.unreadCount).toBe(0);
    expect(FakeSocket.last.of("read")).toMatchObject([{ channel_sid: "CH1", index: 2 }]);
  });

  it("loads earlier messages once, however often it is asked", async () => {
    const { channel } = await open({ messages: [aMessage(5)] });
    answers["GET /v1/channels/CH1/messages?before=5&limit=50"] = { messages: [0, 1, 2, 3, 4].map((index) => aMessage(index)) };
    await Promise.all([channel.loadEarlier(), channel.loadEarlier()]);
    expect(channel.messages.map((one) => one.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect([channel.hasEarlier, asked.filter((name) => name.includes("before")).length]).toEqual([false, 1]);
  });

  it("forgets that somebody types after five seconds, or when their message is there", async () => {
    vi.useFakeTimers();
    const { channel } = await open({ members: [aMember("me"), aMember("nora")] });
    channel._passing({ kind: "Typing", stream: "CH1", identity: "nora" });
    channel._passing({ kind: "Typing", stream: "CH1", identity: "me" });
    expect([...channel.typers]).toEqual(["nora"]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(channel.typers.size).toBe(0);
    channel._passing({ kind: "Typing", stream: "CH1", identity: "nora" });
    event(channel, "MessageAdded", { message: aMessage(0, { author: "nora" }) });
    expect(channel.typers.size).toBe(0);
    vi.useRealTimers();
  });
});

describe("a file that is taken back", () => {
  const sent = aMedia({ message_sid: "IM0" });
  const refusal = { reason: "infected", to_sender: "Yours was taken back.", to_others: "It was taken back.", advice: "" };
  const recalled = { media: { ...sent, state: "recalled" as const }, refusal };

  it("closes its message at once, and says why", async () => {
    const { channel } = await open({ messages: [aMessage(0, { media: sent })] });
    const [told, updated] = [vi.fn(), vi.fn()];
    channel.on("mediaRecalled", told);
    channel.on("messageUpdated", updated);
    event(channel, "MediaRecalled", { sid: "ME1", ...recalled });
    const [message] = channel.messages;
    expect([message?.media?.state, message?.media?.isGone, message?.refusal?.to_others]).toEqual(["recalled", true, "It was taken back."]);
    expect([told.mock.calls.length, updated.mock.calls.length, message?.wasEdited]).toEqual([1, 1, false]);
  });

  it("is closed with the same words for whoever opens the chat later", async () => {
    const messages = [aMessage(0, { media: recalled.media })];
    const { channel } = await open({ messages, refusals: [{ ...recalled, date: recalled.media.date_updated }] });
    expect(channel.messages[0]?.refusal?.reason).toBe("infected");
  });

  it("opens again when somebody has looked and lets it pass", async () => {
    const { channel } = await open({ messages: [aMessage(0, { media: sent })] });
    event(channel, "MediaHeld", { sid: "ME1", media: { ...sent, state: "held" }, refusal });
    expect(channel.messages[0]?.media?.state).toBe("held");
    event(channel, "MessageUpdated", { message: aMessage(0, { media: sent }) });
    expect([channel.messages[0]?.media?.state, channel.messages[0]?.refusal, channel.refusals]).toEqual(["clean", null, []]);
  });

  it("says so to its sender, if it was not sent yet", async () => {
    const { channel } = await open();
    event(channel, "MediaRecalled", { sid: "ME1", media: { ...recalled.media, message_sid: null }, refusal });
    expect(channel.refusals).toHaveLength(1);
  });
});

describe("sending", () => {
  it("resolves with the index, and shows the message once", async () => {
    const { channel } = await open();
    const sent = channel.sendMessage("hello", { a: 1 });
    await settled();
    expect(channel.pending.map((one) => one.body)).toEqual(["hello"]);
    expect(FakeSocket.last.of("send")).toMatchObject([{ channel_sid: "CH1", body: "hello", attributes: '{"a":1}' }]);
    const message: WireMessage = aMessage(4, { author: "me", body: "hello" });
    event(channel, "MessageAdded", { message });
    expect([channel.pending, channel.messages.length]).toEqual([[], 1]);
    FakeSocket.last.answer("send", { type: "sent", message });
    expect(await sent).toBe(4);
    expect(channel.messages).toHaveLength(1);
  });

  it("keeps what is written offline and sends it with the same key after the reconnect", async () => {
    vi.useFakeTimers();
    const { channel } = await open();
    FakeSocket.last.drop();
    void channel.sendMessage("later");
    const key = channel.pending[0]?.key;
    await vi.advanceTimersByTimeAsync(1_000);
    await FakeSocket.last.welcome();
    expect(FakeSocket.last.of("send")).toMatchObject([{ body: "later", key }]);
    vi.useRealTimers();
  });
});

describe("a file's address", () => {
  it("is asked for each time and is absolute", async () => {
    const { channel } = await open({ messages: [aMessage(0, { media: aMedia() })] });
    answers["POST /v1/channels/CH1/media/ME1/link"] = { url: "/files/ticket/a.jpg" };
    const media = channel.messages[0]?.media;
    expect(await media?.getContentUrl()).toBe("https://chat.example.com/files/ticket/a.jpg");
    await media?.getContentUrl();
    expect(asked.filter((name) => name.endsWith("/link"))).toHaveLength(2);
  });
});
