// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatError, Client, memoryKeep, type Token } from "../src/index";
import { FakeSocket, settled } from "./fakes";

function make(refresh: () => Promise<Token>) {
  const client = new Client({
    origin: "https://chat.example.com/",
    identity: "me",
    token: "first",
    expires: new Date(Date.now() + 120_000).toISOString(),
    refresh,
    keep: memoryKeep(),
    WebSocket: FakeSocket as unknown as typeof WebSocket,
  });
  return client.connect();
}

const anHour = () => new Date(Date.now() + 3_600_000).toISOString();

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
});
afterEach(() => vi.useRealTimers());

describe("a token", () => {
  it("is renewed a minute before it ends, and told to the open socket", async () => {
    const refresh = vi.fn(() => Promise.resolve({ token: "second", expires: anHour() }));
    const client = make(refresh);
    await settled();
    await FakeSocket.last.welcome();
    await vi.advanceTimersByTimeAsync(61_000);
    expect(FakeSocket.last.of("token")).toMatchObject([{ token: "second" }]);
    expect(client.http.headers()).toEqual({ Authorization: "Bearer second" });
    await client.shutdown();
  });

  it("that cannot be renewed for a moment is asked for again", async () => {
    const refresh = vi.fn<() => Promise<Token>>(() => Promise.reject(new ChatError({ status: 0 })));
    const client = make(refresh);
    await settled();
    await FakeSocket.last.welcome();
    await vi.advanceTimersByTimeAsync(75_000);
    expect(refresh.mock.calls.length).toBeGreaterThan(1);
    await client.shutdown();
  });

  it("that is no longer good ends the connection as denied", async () => {
    const client = make(() => Promise.reject(new ChatError({ status: 401 })));
    await settled();
    FakeSocket.last.drop(4401);
    await settled();
    expect(client.connectionState).toBe("denied");
    await client.shutdown();
  });
});
