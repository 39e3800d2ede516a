import { Channel } from "./channel";
import { Emitter } from "./emitter";
import { ChatError } from "./errors";
import { Http } from "./http";
import { browserKeep, type Keep } from "./keep";
import { Outbox, type Draft } from "./outbox";
import { Socket, type SocketState } from "./socket";
import { Slots } from "./transfer";
import type { WireChannelView, WireEvent, WireMedia, WireMessage, WirePassing } from "./wire";

export interface Token {
  token: string;
  expires: string;
}

export interface ClientOptions extends Token {
  /** The server's origin, such as `https://chat.example.com`. */
  origin: string;
  identity: string;
  /** Asks for a new token. Rejecting with a 401 ends the connection as `denied`. */
  refresh: () => Promise<Token>;
  keep?: Keep;
  WebSocket?: typeof WebSocket;
}

export interface ClientEvents {
  connectionStateChanged: [SocketState];
  tokenUpdated: [Token];
  channelRemoved: [Channel];
}

const REFRESH_BEFORE = 60_000; // ms before a token ends
const UPLOADS_AT_ONCE = 3;

/** One person's connection to one server. */
export class Client extends Emitter<ClientEvents> {
  readonly identity: string;
  readonly http: Http;
  readonly socket: Socket;
  readonly outbox: Outbox;
  readonly keep: Keep;
  /** @internal */
  readonly uploadSlots = new Slots(UPLOADS_AT_ONCE);
  userSid = "";
  serviceSid = "";
  #token: Token;
  #options: ClientOptions;
  #channels = new Map<string, Promise<Channel>>();
  #open = new Map<string, Channel>();
  #refresh: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ClientOptions) {
    super();
    this.#options = options;
    this.#token = { token: options.token, expires: options.expires };
    this.identity = options.identity;
    this.keep = options.keep ?? browserKeep();
    this.http = new Http({ origin: options.origin, token: () => this.#token.token });
    this.socket = this.#makeSocket();
    this.outbox = this.#makeOutbox();
  }

  get connectionState(): SocketState {
    return this.socket.state;
  }

  get user(): { identity: string; sid: string } {
    return { identity: this.identity, sid: this.userSid };
  }

  connect(): this {
    this.socket.connect();
    this.#planRefresh();
    return this;
  }

  /** Closes the connection. Nothing of the outbox is lost. */
  shutdown(): Promise<void> {
    clearTimeout(this.#refresh);
    this.socket.close();
    return Promise.resolve();
  }

  /** The channel with its last messages, kept up to date. Raises `ChatError` for a stranger's. */
  getChannelBySid(sid: string): Promise<Channel> {
    let channel = this.#channels.get(sid);
    if (!channel) {
      channel = this.#openChannel(sid);
      this.#channels.set(sid, channel);
      channel.catch(() => this.#channels.delete(sid));
    }
    return channel;
  }

  /** The channel if it is open already. */
  channel(sid: string): Channel | undefined {
    return this.#open.get(sid);
  }

  /** Stops keeping a channel up to date. */
  leaveChannel(sid: string): void {
    this.socket.unfollow(sid);
    this.#channels.delete(sid);
    this.#open.delete(sid);
  }

  /** Hears a stream that is no channel, such as the service's for agents. */
  follow(stream: string, seq: number, hear: (event: WireEvent) => void): () => void {
    this.socket.follow(stream, seq, hear);
    return () => this.socket.unfollow(stream);
  }

  async updateToken(token: Token): Promise<void> {
    this.#token = token;
    this.#planRefresh();
    this.emit("tokenUpdated", token);
    await this.socket.request({ type: "token", token: token.token }).catch(() => undefined);
  }

  /** Resolves with the connection, or when `signal` is aborted. */
  untilConnected(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.connectionState === "connected") return resolve();
      const stop = this.listen("connectionStateChanged", (state) => {
        if (state !== "connected") return;
        stop();
        resolve();
      });
      signal?.addEventListener("abort", () => {
        stop();
        resolve();
      });
    });
  }

  #makeSocket(): Socket {
    const socket = new Socket({
      origin: this.#options.origin.replace(/\/$/, ""),
      token: (anew) => this.#goodToken(anew),
      ...(this.#options.WebSocket && { WebSocket: this.#options.WebSocket }),
    });
    socket.on("state", (state) => this.emit("connectionStateChanged", state));
    socket.on("welcome", (welcome) => this.#welcomed(String(welcome["user_sid"]), String(welcome["service_sid"])));
    socket.on("passing", (event) => this.#passing(event));
    socket.hearUser((event) => this.#hearUser(event));
    return socket;
  }

  #makeOutbox(): Outbox {
    const outbox = new Outbox({
      keep: this.keep,
      identity: this.identity,
      send: (draft) => this.#send(draft),
      isOnline: () => this.connectionState === "connected",
    });
    outbox.on("changed", (sid) => this.#open.get(sid)?._changed());
    return outbox;
  }

  async #send(draft: Draft): Promise<WireMessage> {
    const { channelSid: channel_sid, body, attributes, mediaSid, key } = draft;
    const frame = { type: "send", channel_sid, body, attributes, key, ...(mediaSid ? { media_sid: mediaSid } : {}) };
    return (await this.socket.request(frame))["message"] as WireMessage;
  }

  #welcomed(userSid: string, serviceSid: string): void {
    this.userSid = userSid;
    this.serviceSid = serviceSid;
    for (const channel of this.#open.values()) channel._connected();
    void this.outbox.flush();
  }

  async #openChannel(sid: string): Promise<Channel> {
    const view = await this.http.get<WireChannelView>(`/v1/channels/${sid}?limit=50`);
    const channel = new Channel(this, view);
    this.#open.set(sid, channel);
    this.socket.follow(sid, view.seq, (event) => channel._hear(event), (error) => this.#lost(channel, error));
    channel._uploads.resume();
    return channel;
  }

  #lost(channel: Channel, error: ChatError): void {
    if (error.status === 401) return;
    this.leaveChannel(channel.sid);
    channel._gone();
    this.emit("channelRemoved", channel);
  }

  #hearUser(event: WireEvent): void {
    const media: WireMedia | null | undefined = event.media;
    if (event.kind === "MediaCleared" && media?.channel_sid) this.#open.get(media.channel_sid)?._cleared(media);
  }

  #passing(event: WirePassing): void {
    this.#open.get(event.stream)?._passing(event);
  }

  async #goodToken(anew: boolean): Promise<string> {
    const left = Date.parse(this.#token.expires) - Date.now();
    if (anew || left < REFRESH_BEFORE / 2) await this.updateToken(await this.#options.refresh());
    return this.#token.token;
  }

  #planRefresh(): void {
    clearTimeout(this.#refresh);
    const left = Date.parse(this.#token.expires) - Date.now() - REFRESH_BEFORE;
    if (!Number.isFinite(left)) return;
    // A day at most: a timer's milliseconds are 32 bits, and devices sleep.
    this.#refresh = setTimeout(() => void this.#refreshToken(), Math.min(Math.max(left, 1_000), 86_400_000));
  }

  async #refreshToken(): Promise<void> {
    const left = Date.parse(this.#token.expires) - Date.now();
    if (left > 2 * REFRESH_BEFORE) return this.#planRefresh();
    await this.#options.refresh().then(
      (token) => this.updateToken(token),
      () => void (this.#refresh = setTimeout(() => void this.#refreshToken(), 10_000)),
    );
  }
}
