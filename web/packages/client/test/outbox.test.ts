import { describe, expect, it, vi } from "vitest";
import { ChatError, Outbox, memoryKeep, offline, type Draft, type Keep, type WireMessage } from "../src/index";

const draft = (key: string, body = key): Draft => ({ key, channelSid: "CH1", body, attributes: "{}", date: Number(key.slice(1)) });
const message = (body: string, index = 0) => ({ sid: `IM${index}`, index, channel_sid: "CH1", body, media: null }) as unknown as WireMessage;

function make({ keep = memoryKeep(), online = true, send }: { keep?: Keep; online?: boolean; send?: (draft: Draft) => Promise<WireMessage> } = {}) {
  const state = { online, sent: [] as string[] };
  const outbox = new Outbox({
    keep,
    identity: "me",
    isOnline: () => state.online,
    send: send ?? ((one) => (state.sent.push(one.key), Promise.resolve(message(one.body)))),
  });
  return { outbox, state, keep };
}

describe("a message", () => {
  it("that is sent leaves the outbox", async () => {
    const { outbox, keep } = make();
    expect(await outbox.add(draft("k1", "hello"))).toMatchObject({ body: "hello" });
    expect([outbox.of("CH1"), keep.keys("")]).toEqual([[], []]);
  });

  it("typed offline waits, and is sent in order when the connection is back", async () => {
    const { outbox, state } = make({ online: false });
    const all = [outbox.add(draft("k1")), outbox.add(draft("k2"))];
    expect(outbox.of("CH1").map((one) => one.state)).toEqual(["waiting", "waiting"]);
    state.online = true;
    await outbox.flush();
    await Promise.all(all);
    expect(state.sent).toEqual(["k1", "k2"]);
  });

  it("survives a reload and keeps its key", async () => {
    const { outbox, keep } = make({ online: false });
    void outbox.add(draft("k1", "kept"));
    const { outbox: next, state } = make({ keep });
    expect(next.of("CH1")).toMatchObject([{ key: "k1", body: "kept" }]);
    await next.flush();
    expect(state.sent).toEqual(["k1"]);
  });

  it("whose answer was lost is sent again with the same key", async () => {
    vi.useFakeTimers();
    const keys: string[] = [];
    const send = (one: Draft) => (keys.push(one.key), keys.length === 1 ? Promise.reject(offline()) : Promise.resolve(message(one.body)));
    const { outbox } = make({ send });
    const added = outbox.add(draft("k1"));
    await vi.advanceTimersByTimeAsync(1_000);
    await added;
    expect(keys).toEqual(["k1", "k1"]);
    vi.useRealTimers();
  });

  it("that the server refuses stays as failed, does not hold up others, and can be retried", async () => {
    let blocked = true;
    const send = (one: Draft) =>
      blocked && one.key === "k1" ? Promise.reject(new ChatError({ status: 403, code: 50107 })) : Promise.resolve(message(one.body));
    const { outbox } = make({ send });
    await expect(outbox.add(draft("k1"))).rejects.toMatchObject({ code: 50107 });
    await outbox.add(draft("k2"));
    expect(outbox.of("CH1")).toMatchObject([{ key: "k1", state: "failed", error: { code: 50107 } }]);
    blocked = false;
    outbox.retry("k1");
    await outbox.flush();
    await Promise.resolve();
    expect(outbox.of("CH1")).toEqual([]);
  });

  it("that was added and deleted before its answer came is forgotten without a word", async () => {
    const gone = new ChatError({ status: 410, reason: "message_gone" });
    const { outbox, keep } = make({ send: () => Promise.reject(gone) });
    await expect(outbox.add(draft("k1"))).rejects.toBe(gone);
    expect([outbox.of("CH1"), keep.keys("")]).toEqual([[], []]);
  });

  it("that is dropped is forgotten", () => {
    const { outbox, keep } = make({ online: false });
    const added = outbox.add(draft("k1")).catch((error: unknown) => error);
    outbox.drop("k1");
    expect(keep.keys("")).toEqual([]);
    return expect(added).resolves.toBeInstanceOf(ChatError);
  });

  it("that came by the stream first is not shown twice", () => {
    const { outbox } = make({ send: () => new Promise(() => undefined) });
    void outbox.add(draft("k1", "hello"));
    outbox.saw(message("hello", 3));
    expect(outbox.of("CH1")[0]?.seenAs).toBe("IM3");
  });
});
