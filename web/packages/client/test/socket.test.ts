// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatError, Socket, type SocketState } from "../src/index";
import { FakeSocket, settled } from "./fakes";

const made: Socket[] = [];

function make(token: (anew: boolean) => Promise<string> = () => Promise.resolve("tok")) {
  const socket = new Socket({ origin: "https://chat.example.com", token, WebSocket: FakeSocket as unknown as typeof WebSocket });
  made.push(socket);
  const states: SocketState[] = [];
  socket.on("state", (state) => states.push(state));
  return { socket, states };
}

async function connected() {
  const fresh = make();
  fresh.socket.connect();
  await settled();
  await FakeSocket.last.welcome();
  return fresh;
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
});
afterEach(() => {
  for (const socket of made.splice(0)) socket.close();
  vi.useRealTimers();
});

describe("connecting", () => {
  it("puts the token into the first frame and not into the address", async () => {
    const { states } = await connected();
    expect(FakeSocket.last.url).toBe("wss://chat.example.com/v1/socket");
    expect(FakeSocket.last.sent[0]).toMatchObject({ type: "hello", token: "tok" });
    expect(states).toEqual(["connecting", "connected"]);
  });

  it("comes back by itself, and greets with the last of the user's stream", async () => {
    const { socket, states } = await connected();
    const heard: number[] = [];
    socket.hearUser((event) => heard.push(event.seq));
    FakeSocket.last.event("US1", 1);
    FakeSocket.last.drop();
    expect(states.at(-1)).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1_000);
    await FakeSocket.last.welcome(5);
    expect(FakeSocket.all).toHaveLength(2);
    expect(FakeSocket.last.of("hello")[0]).toMatchObject({ since: 1 });
    FakeSocket.last.event("US1", 2);
    expect(heard).toEqual([1, 2]);
  });

  it("waits longer each time, up to a limit", async () => {
    const { socket } = make();
    socket.connect();
    await settled();
    for (let attempt = 0; attempt < 10; attempt++) {
      FakeSocket.last.drop();
      await vi.advanceTimersByTimeAsync(20_000);
    }
    expect(FakeSocket.all).toHaveLength(11);
    FakeSocket.last.drop();
    expect((socket.nextAttempt ?? 0) - Date.now()).toBeGreaterThanOrEqual(10_000);
  });

  it("asks for a new token when the old one was refused", async () => {
    const asked: boolean[] = [];
    const { socket } = make((anew) => (asked.push(anew), Promise.resolve("tok")));
    socket.connect();
    await settled();
    FakeSocket.last.drop(4401);
    await settled();
    expect(asked).toEqual([false, true]);
  });

  it("gives up when no token is to be had, or the origin is a stranger's", async () => {
    const { socket } = make(() => Promise.reject(new ChatError({ status: 401 })));
    socket.connect();
    await settled();
    expect(socket.state).toBe("denied");
    const other = make();
    other.socket.connect();
    await settled();
    FakeSocket.last.drop(4403);
    expect(other.socket.state).toBe("denied");
  });

  it("goes on trying when only the network is away", async () => {
    const { socket } = make(() => Promise.reject(new ChatError({ status: 0 })));
    socket.connect();
    await settled();
    expect(socket.state).toBe("waiting");
  });

  it("takes a connection that does not answer for a dead one", async () => {
    const { socket } = await connected();
    const asked = socket.request({ type: "read" }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await asked).toMatchObject({ status: 0 });
    expect(socket.state).toBe("waiting");
  });

  it("tries at once when the device is back online", async () => {
    await connected();
    FakeSocket.last.drop();
    globalThis.dispatchEvent(new Event("online"));
    await settled();
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("stays closed once it was closed", async () => {
    const { socket } = await connected();
    socket.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([socket.state, FakeSocket.all.length]).toEqual(["closed", 1]);
  });
});

describe("streams", () => {
  it("hears each event once and in order", async () => {
    const { socket } = await connected();
    const heard: number[] = [];
    socket.follow("CH1", 4, (event) => heard.push(event.seq));
    for (const seq of [4, 5, 5, 6]) FakeSocket.last.event("CH1", seq);
    expect(heard).toEqual([5, 6]);
  });

  it("subscribes again from the last it has when one is missing", async () => {
    const { socket } = await connected();
    const heard: number[] = [];
    socket.follow("CH1", 4, (event) => heard.push(event.seq));
    FakeSocket.last.answer("subscribe", { type: "subscribed" });
    await settled();
    FakeSocket.last.event("CH1", 7);
    expect(FakeSocket.last.of("subscribe").at(-1)).toMatchObject({ stream: "CH1", seq: 4 });
    for (const seq of [5, 6, 7]) FakeSocket.last.event("CH1", seq);
    expect(heard).toEqual([5, 6, 7]);
  });

  it("subscribes again after a reconnect, from where it was", async () => {
    const { socket } = await connected();
    socket.follow("CH1", 4, () => undefined);
    FakeSocket.last.event("CH1", 5);
    FakeSocket.last.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    await FakeSocket.last.welcome();
    expect(FakeSocket.last.of("subscribe")).toMatchObject([{ stream: "CH1", seq: 5 }]);
  });

  it("tells when a stream may not be heard any more", async () => {
    const { socket } = await connected();
    const lost = vi.fn();
    socket.follow("CH1", 0, () => undefined, lost);
    FakeSocket.last.answer("subscribe", { type: "error", error: { code: 20404, status: 404, message: "gone" } });
    await settled();
    expect(lost).toHaveBeenCalledOnce();
  });

  it("stops when the server takes a stream away, and asks again when it only broke", async () => {
    const { socket } = await connected();
    const lost = vi.fn();
    socket.follow("CH1", 4, () => undefined, lost);
    FakeSocket.last.answer("subscribe", { type: "subscribed" });
    await settled();
    FakeSocket.last.say({ type: "ended", stream: "CH1", error: { code: 60000, status: 500, message: "broke" } });
    expect(FakeSocket.last.of("subscribe")).toHaveLength(2);
    expect(lost).not.toHaveBeenCalled();
    FakeSocket.last.say({ type: "ended", stream: "CH1", error: { code: 20404, status: 404, message: "taken out" } });
    expect(lost).toHaveBeenCalledOnce();
  });
});
