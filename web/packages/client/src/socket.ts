import { backoff } from "./backoff";
import { Emitter } from "./emitter";
import { ChatError, offline } from "./errors";
import type { WireError, WireEvent, WirePassing } from "./wire";

export type SocketState = "connecting" | "connected" | "waiting" | "denied" | "closed";
export type Frame = Record<string, unknown> & { type: string };

export interface SocketOptions {
  /** Where `/v1/socket` is, as http(s) or ws(s). */
  origin: string;
  /** The token to greet with; `anew` when the last one was refused. Rejects when there is none to be had. */
  token: (anew: boolean) => Promise<string>;
  WebSocket?: typeof WebSocket;
}

interface Stream {
  seq: number;
  hear: (event: WireEvent) => void;
  lost: ((error: ChatError) => void) | undefined;
  asking: boolean;
}

interface Waiting {
  resolve: (frame: Frame) => void;
  reject: (error: ChatError) => void;
  timer: ReturnType<typeof setTimeout>;
}

const PING_EVERY = 25_000; // ms; under the minute after which proxies cut a silent connection
const ANSWER_WITHIN = 15_000; // ms

/**
 * One connection to `/v1/socket` that comes back by itself. Each followed stream is heard without gap
 * and in order, over any number of connections.
 */
export class Socket extends Emitter<{ state: [SocketState]; passing: [WirePassing]; welcome: [Frame] }> {
  state: SocketState = "closed";
  /** When the next attempt begins, in ms since 1970; null unless waiting. */
  nextAttempt: number | null = null;
  #options: SocketOptions;
  #socket: WebSocket | null = null;
  #streams = new Map<string, Stream>();
  #waiting = new Map<number, Waiting>();
  #userStream: string | null = null;
  #id = 0;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pings: ReturnType<typeof setInterval> | undefined;
  #stop: (() => void) | undefined;
  #hearUser: (event: WireEvent) => void = () => undefined;

  constructor(options: SocketOptions) {
    super();
    this.#options = options;
  }

  connect(): void {
    if (this.state !== "closed") return;
    this.#watchNetwork();
    void this.#open(false);
  }

  close(): void {
    this.#stop?.();
    clearTimeout(this.#retry);
    this.#become("closed");
    this.#drop();
  }

  /** Tries at once instead of waiting for the next attempt. */
  hurry(): void {
    if (this.state !== "waiting") return;
    clearTimeout(this.#retry);
    void this.#open(false);
  }

  /** The user's own stream, which the server subscribes by itself. */
  hearUser(hear: (event: WireEvent) => void): void {
    this.#hearUser = hear;
  }

  /** Hears `stream` from after `seq`. `lost` is told when it may not be heard any more. */
  follow(stream: string, seq: number, hear: (event: WireEvent) => void, lost?: (error: ChatError) => void): void {
    this.#streams.set(stream, { seq, hear, lost, asking: false });
    if (this.state === "connected") void this.#subscribe(stream);
  }

  unfollow(stream: string): void {
    if (this.#streams.delete(stream) && this.state === "connected") {
      this.request({ type: "unsubscribe", stream }).catch(() => undefined);
    }
  }

  /** Sends a frame and gives back its answer. Raises `ChatError`. */
  request(frame: Frame): Promise<Frame> {
    if (this.state !== "connected") return Promise.reject(offline());
    return this.#ask(frame);
  }

  /** Sends a frame that has no answer; lost when there is no connection. */
  tell(frame: Frame): void {
    if (this.state === "connected") this.#socket?.send(JSON.stringify(frame));
  }

  #ask(frame: Frame): Promise<Frame> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#drop(), ANSWER_WITHIN);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket?.send(JSON.stringify({ ...frame, id }));
    });
  }

  async #open(anew: boolean): Promise<void> {
    this.#become("connecting");
    const token = await this.#options.token(anew).catch((error: unknown) => this.#withoutToken(error));
    if (token === null || this.#isOver()) return;
    const Make = this.#options.WebSocket ?? globalThis.WebSocket;
    const socket = new Make(this.#options.origin.replace(/^http/, "ws") + "/v1/socket");
    this.#socket = socket;
    socket.onopen = () => void this.#greet(token);
    socket.onmessage = (message) => this.#read(String(message.data));
    socket.onclose = (close) => this.#closed(socket, close.code);
  }

  // What changed while we waited, the compiler cannot see.
  #isOver(): boolean {
    return this.state === "closed";
  }

  #withoutToken(error: unknown): null {
    if (this.#isOver()) return null;
    const denied = error instanceof ChatError && (error.status === 401 || error.status === 403);
    if (denied) this.#become("denied");
    else this.#waitAndRetry();
    return null;
  }

  async #greet(token: string): Promise<void> {
    const since = this.#userStream ? this.#streams.get(this.#userStream)?.seq : undefined;
    const hello: Frame = { type: "hello", token, ...(since === undefined ? {} : { since }) };
    const welcome = await this.#ask(hello).catch(() => null);
    if (!welcome || welcome.type !== "welcome") return this.#drop();
    this.#attempt = 0;
    this.#followUser(String(welcome["user_sid"]), since ?? Number(welcome["seq"]));
    this.#become("connected");
    this.#pings = setInterval(() => void this.request({ type: "ping" }).catch(() => undefined), PING_EVERY);
    for (const stream of this.#streams.keys()) if (stream !== this.#userStream) void this.#subscribe(stream);
    this.emit("welcome", welcome);
  }

  #followUser(stream: string, seq: number): void {
    this.#userStream = stream;
    this.#streams.set(stream, { seq, hear: (event) => this.#hearUser(event), lost: undefined, asking: false });
  }

  async #subscribe(name: string): Promise<void> {
    const stream = this.#streams.get(name);
    if (!stream || stream.asking) return;
    stream.asking = true;
    try {
      await this.request({ type: "subscribe", stream: name, seq: stream.seq });
    } catch (error) {
      if (error instanceof ChatError && !error.isTemporary) {
        this.#streams.delete(name);
        stream.lost?.(error);
      }
    } finally {
      stream.asking = false;
    }
  }

  #read(text: string): void {
    const frame = JSON.parse(text) as Frame;
    if (frame.type === "event") this.#event(frame["event"] as WireEvent);
    else if (frame.type === "passing") this.emit("passing", frame["event"] as WirePassing);
    else if (frame.type === "ended") this.#ended(String(frame["stream"]), new ChatError(frame["error"] as WireError));
    else if (typeof frame["id"] === "number") this.#answer(frame["id"], frame);
  }

  /** The server stopped telling a stream: for good, or because something broke on its side. */
  #ended(name: string, error: ChatError): void {
    const stream = this.#streams.get(name);
    if (!stream) return;
    if (error.status >= 500) return void this.#subscribe(name);
    this.#streams.delete(name);
    stream.lost?.(error);
  }

  #answer(id: number, frame: Frame): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (frame.type === "error") waiting.reject(new ChatError(frame["error"] as WireError));
    else waiting.resolve(frame);
  }

  #event(event: WireEvent): void {
    const stream = this.#streams.get(event.stream);
    if (!stream || event.seq <= stream.seq) return;
    if (event.seq !== stream.seq + 1) return void this.#subscribe(event.stream);
    stream.seq = event.seq;
    stream.hear(event);
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#forgetSocket();
    if (this.state === "closed") return;
    if (code === 4403) return this.#become("denied");
    if (code === 4401 && this.#attempt++ < 3) return void this.#open(true);
    this.#waitAndRetry();
  }

  #waitAndRetry(): void {
    const pause = backoff(this.#attempt++);
    this.nextAttempt = Date.now() + pause;
    this.#become("waiting");
    this.#retry = setTimeout(() => void this.#open(false), pause);
  }

  // Closing may take the browser half a minute on a dead network: we do not wait for it.
  #drop(): void {
    const socket = this.#socket;
    if (!socket) return;
    socket.close();
    this.#closed(socket, 1006);
  }

  #forgetSocket(): void {
    clearInterval(this.#pings);
    if (this.#socket) this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket = null;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(offline());
    }
    this.#waiting.clear();
  }

  #become(state: SocketState): void {
    if (this.state === state) return;
    if (state !== "waiting") this.nextAttempt = null;
    this.state = state;
    this.emit("state", state);
  }

  #watchNetwork(): void {
    const online = () => this.hurry();
    const gone = () => this.#drop();
    globalThis.addEventListener("online", online);
    globalThis.addEventListener("offline", gone);
    this.#stop = () => {
      globalThis.removeEventListener("online", online);
      globalThis.removeEventListener("offline", gone);
    };
  }
}
