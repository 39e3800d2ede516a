// A server's end of the socket, in memory: pure logic needs no network.

export class FakeSocket {
  static all: FakeSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  sent: (Record<string, unknown> & { type: string; id: number })[] = [];
  readonly url: string;

  constructor(url: string) {
    this.url = url;
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    return FakeSocket.all.at(-1) as FakeSocket;
  }

  send(text: string): void {
    const frame = JSON.parse(text) as FakeSocket["sent"][number];
    this.sent.push(frame);
    if (frame.type === "ping") queueMicrotask(() => this.say({ type: "pong", id: frame.id }));
  }

  close(): void {
    // Like a browser on a dead network: no event comes.
  }

  of(type: string): FakeSocket["sent"] {
    return this.sent.filter((frame) => frame.type === type);
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  answer(type: string, answer: object): void {
    const frame = this.of(type).at(-1);
    this.say({ id: frame?.id, ...answer });
  }

  event(stream: string, seq: number, rest: object = {}): void {
    this.say({ type: "event", event: { kind: "ChannelUpdated", stream, seq, sid: stream, ...rest } });
  }

  async welcome(seq = 0): Promise<void> {
    this.onopen?.();
    await settled();
    this.answer("hello", { type: "welcome", identity: "me", user_sid: "US1", service_sid: "IS1", seq });
    await settled();
  }

  drop(code = 1006): void {
    this.onclose?.({ code });
  }
}

export async function settled(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve();
}
