// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Client, memoryKeep, type Channel, type Keep, type WireMedia } from "../src/index";
import { FakeSocket, settled } from "./fakes";
import { aMedia, aMember, aMessage, aView } from "./wires";

class FakeXhr {
  static all: FakeXhr[] = [];
  upload: { onprogress?: (event: { loaded: number }) => void; onload?: () => void } = {};
  status = 0;
  responseText = "";
  url = "";
  headers: Record<string, string> = {};
  onload = () => undefined as unknown;
  onerror = () => undefined as unknown;
  onabort = () => undefined as unknown;
  constructor() {
    FakeXhr.all.push(this);
  }
  open(_: string, url: string) {
    this.url = url;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send() {
    // Until the test answers.
  }
  isAborted = false;
  abort() {
    this.isAborted = true;
    this.onabort();
  }
  async answer(status: number, body: unknown) {
    this.upload.onload?.();
    Object.assign(this, { status, responseText: JSON.stringify(body) });
    this.onload();
    await settled();
  }
}

const file = (name = "a.jpg") => new File(["0123456789"], name, { type: "image/jpeg" });
const mine = (rest: Partial<WireMedia>) => aMedia({ author: "me", ...rest });
const requests: string[] = [];
let media: unknown = null;

async function open(keep: Keep = memoryKeep()): Promise<Channel> {
  const client = new Client({
    origin: "https://chat.example.com", identity: "me", token: "tok", expires: "2099-01-01T00:00:00Z", keep,
    refresh: () => Promise.reject(new Error("not needed")), WebSocket: FakeSocket as unknown as typeof WebSocket,
  }).connect();
  await settled();
  await FakeSocket.last.welcome();
  const channel = await client.getChannelBySid("CH1");
  FakeSocket.last.answer("subscribe", { type: "subscribed", stream: "CH1", seq: 0 });
  return channel;
}

async function started(channel: Channel, name?: string) {
  const upload = channel.sendFile(file(name), { description: "A window" });
  await settled();
  return { upload, request: FakeXhr.all.at(-1) as FakeXhr };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  FakeXhr.all = [];
  requests.length = 0;
  media = null;
  vi.stubGlobal("XMLHttpRequest", FakeXhr);
  vi.stubGlobal("fetch", (url: string, { method = "GET" }: RequestInit) => {
    requests.push(`${method} ${new URL(url).pathname}`);
    const body = url.includes("/media/") ? media : aView({ members: [aMember("me")] });
    return Promise.resolve(new Response(method === "DELETE" ? null : JSON.stringify(body), { status: method === "DELETE" ? 204 : 200 }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("a clean file", () => {
  it("goes up with the token in a header, and its message is sent", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    expect(request.url).toBe("https://chat.example.com/v1/channels/CH1/media?Filename=a.jpg");
    expect(request.headers).toMatchObject({ Authorization: "Bearer tok", "Content-Type": "image/jpeg" });
    request.upload.onprogress?.({ loaded: 5 });
    expect([upload.state, upload.progress]).toEqual(["uploading", 0.5]);
    await request.answer(201, mine({ state: "clean" }));
    expect(FakeSocket.last.of("send")).toMatchObject([{ media_sid: "ME1", attributes: '{"description":"A window"}' }]);
    FakeSocket.last.answer("send", { type: "sent", message: aMessage(7, { author: "me", media: mine({}) }) });
    expect(await upload.done).toBe(7);
    expect([channel.uploads, channel.messages.length]).toEqual([[], 1]);
  });

  it("goes up three at a time", async () => {
    const channel = await open();
    const uploads = ["a", "b", "c", "d"].map((name) => channel.sendFile(file(name)));
    await settled();
    expect(uploads.map((one) => one.state)).toEqual(["uploading", "uploading", "uploading", "queued"]);
    uploads[0]?.cancel();
    await settled();
    expect(uploads[3]?.state).toBe("uploading");
  });
});

describe("a file whose checks take longer", () => {
  it("waits for MediaCleared, and is sent then", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    await request.answer(201, mine({ state: "checking" }));
    expect([upload.state, FakeSocket.last.of("send").length]).toEqual(["checking", 0]);
    FakeSocket.last.say({ type: "event", event: { kind: "MediaCleared", stream: "US1", seq: 1, sid: "ME1", media: mine({ state: "clean" }) } });
    await settled();
    expect([upload.state, FakeSocket.last.of("send").length]).toEqual(["sending", 1]);
  });

  it("is asked after as well, for a verdict that came while one was away", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    await request.answer(201, mine({ state: "checking" }));
    media = mine({ state: "clean" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(upload.state).toBe("sending");
  });

  it("is not forgotten by a reload", async () => {
    const keep = memoryKeep();
    const { request } = await started(await open(keep));
    await request.answer(201, mine({ state: "checking" }));
    media = mine({ state: "clean" });
    const channel = await open(keep);
    await settled();
    expect(channel.uploads).toMatchObject([{ name: "a.jpg", state: "sending" }]);
    expect(FakeSocket.last.of("send")).toMatchObject([{ media_sid: "ME1" }]);
  });

  it("may be held, and is sent when it is let through", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    media = mine({ state: "held" });
    await request.answer(409, { code: 60031, reason: "media_held", message: "waits", details: { media_sid: "ME1" } });
    expect(upload.state).toBe("held");
    FakeSocket.last.say({ type: "event", event: { kind: "MediaCleared", stream: "US1", seq: 1, sid: "ME1", media: mine({ state: "clean" }) } });
    await settled();
    expect(upload.state).toBe("sending");
  });
});

describe("a refused file", () => {
  const said = { code: 60030, reason: "media_refused", message: "The file is not what its name says it is.", advice: "Save it again.", details: { media_sid: "ME1" } };
  const told = { kind: "MediaRefused", stream: "CH1", seq: 1, sid: "ME1", media: mine({ state: "refused" }), refusal: { reason: "type_mismatch", to_sender: "No.", to_others: "No.", advice: "Do this." } };

  it("says why and what to do, and is not tried again", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    await request.answer(422, said);
    expect(upload).toMatchObject({ state: "refused", mediaSid: "ME1", error: { message: said.message, advice: said.advice } });
    await expect(upload.done).rejects.toMatchObject({ status: 422 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeXhr.all).toHaveLength(1);
  });

  it("is known by the channel's event when that comes first, or the connection was cut", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    channel._hear(told);
    expect(upload).toMatchObject({ state: "refused", error: { message: "No.", advice: "Do this." } });
    expect(request.isAborted).toBe(true); // the rest need not be sent
    await vi.advanceTimersByTimeAsync(60_000);
    expect([upload.state, FakeXhr.all.length]).toEqual(["refused", 1]);
  });

  it("stays dismissed after it was dismissed", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    await request.answer(422, said);
    upload.dismiss();
    expect([channel.uploads, channel.isDismissed("ME1")]).toEqual([[], true]);
  });
});

describe("an upload", () => {
  it("that breaks off is tried again", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    request.onerror();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([upload.state, FakeXhr.all.length]).toEqual(["uploading", 2]);
  });

  it("pauses without connection and goes on by itself", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    FakeSocket.last.drop();
    request.onerror();
    await settled();
    expect(upload.state).toBe("paused");
    await vi.advanceTimersByTimeAsync(1_000);
    await FakeSocket.last.welcome();
    expect(upload.state).toBe("uploading");
  });

  it("waits as long as the server asks, where that is a minute", async () => {
    const channel = await open();
    const { upload } = await started(channel);
    await FakeXhr.all.at(-1)?.answer(429, { code: 20429, message: "slowly", details: { retry_after: 60 } });
    const sent = FakeXhr.all.length;
    await vi.advanceTimersByTimeAsync(59_000);
    expect(FakeXhr.all.length).toBe(sent);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(FakeXhr.all.length).toBe(sent + 1);
    expect(upload.state).toBe("uploading");
  });

  it("does not wait for tomorrow", async () => {
    const channel = await open();
    const { upload } = await started(channel);
    await FakeXhr.all.at(-1)?.answer(429, { code: 20429, message: "slowly", details: { retry_after: 80_000 } });
    expect(upload).toMatchObject({ state: "failed", error: { status: 429 } });
  });

  it("that keeps failing says so, and can be tried once more", async () => {
    const channel = await open();
    const { upload } = await started(channel);
    while (upload.state !== "failed") {
      await FakeXhr.all.at(-1)?.answer(503, { code: 60043, message: "busy" });
      await vi.advanceTimersByTimeAsync(30_000);
    }
    expect(upload).toMatchObject({ state: "failed", error: { status: 503 } });
    upload.retry();
    await settled();
    expect(upload.state).toBe("uploading");
  });

  it("that is cancelled stops, and takes back what the server has", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    await request.answer(201, mine({ state: "checking" }));
    upload.cancel();
    await expect(upload.done).rejects.toMatchObject({ name: "AbortError" });
    expect(requests).toContain("DELETE /v1/channels/CH1/media/ME1");
    expect([upload.state, channel.uploads]).toEqual(["cancelled", []]);
  });

  it("is refused for good when one may not send", async () => {
    const channel = await open();
    const { upload, request } = await started(channel);
    await request.answer(403, { code: 50107, message: "User unauthorized for command" });
    expect(upload).toMatchObject({ state: "failed", error: { code: 50107 } });
  });
});
