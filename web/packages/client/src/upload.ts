import { backoff, sleep } from "./backoff";
import type { Channel } from "./channel";
import { Emitter } from "./emitter";
import { ChatError, isChatError, offline } from "./errors";
import { familyOf, type MediaFamily } from "./media";
import { newKey } from "./outbox";
import { postFile } from "./transfer";
import type { WireMedia, WireMessage, WireRefusal } from "./wire";

export type UploadState =
  | "queued"
  | "uploading"
  | "paused" // no connection; goes on by itself
  | "checking"
  | "held"
  | "sending" // clean; its message is on the way
  | "sent"
  | "refused"
  | "failed"
  | "cancelled";

/** What is kept of a file whose checks take longer than the page lives. */
export interface KeptUpload {
  mediaSid: string;
  channelSid: string;
  name: string;
  size: number;
  type: string;
  attributes: string;
  key: string;
  date: number;
}

const ATTEMPTS = 5;
const PATIENCE = 90; // seconds that a server may ask us to wait: a minute's quota. Longer is for a person to decide
const ASK_EVERY = 5_000; // ms; the socket tells sooner, this is for when it cannot

/** A file on its way into a channel: queue, bytes, checks, message. */
export class Upload extends Emitter<{ changed: [] }> {
  readonly id = newKey();
  readonly key: string;
  readonly channel: Channel;
  /** null after a reload: then only the verdict is waited for. */
  readonly file: File | null;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly attributes: string;
  readonly date: number;
  state: UploadState = "queued";
  loaded = 0; // bytes
  /** Bytes a second, over the last few seconds; 0 while unknown. */
  rate = 0;
  error: ChatError | null = null;
  refusal: WireRefusal | null = null;
  media: WireMedia | null = null;
  /** The file's sid once the server has said it, even if only to refuse it. */
  mediaSid = "";
  /** The message's index. Rejects with what went wrong; `AbortError` when it was cancelled. */
  readonly done: Promise<number>;
  #resolve!: (index: number) => void;
  #reject!: (error: unknown) => void;
  #abort = new AbortController();
  #release: (() => void) | null = null;
  #began = 0;

  constructor(channel: Channel, file: File | null, attributes: string, kept?: KeptUpload) {
    super();
    this.channel = channel;
    this.file = file;
    this.attributes = attributes;
    this.name = kept?.name ?? file?.name ?? "";
    this.size = kept?.size ?? file?.size ?? 0;
    this.type = kept?.type ?? file?.type ?? "";
    this.key = kept?.key ?? newKey();
    this.date = kept?.date ?? Date.now();
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.done.catch(() => undefined);
  }

  get family(): MediaFamily {
    return familyOf(this.media?.content_type ?? this.type, this.name);
  }

  /** 0 to 1. */
  get progress(): number {
    return this.size ? Math.min(1, this.loaded / this.size) : 0;
  }

  get isOver(): boolean {
    return ["sent", "refused", "failed", "cancelled"].includes(this.state);
  }

  /** @internal Called by the channel, once. */
  async _start(): Promise<void> {
    this.#release = await this.channel.client.uploadSlots.take(this.#abort.signal);
    try {
      await this.#transfer();
    } finally {
      this.#release();
    }
  }

  /** @internal Goes on waiting for a verdict after a reload. */
  async _resume(mediaSid: string): Promise<void> {
    this.mediaSid = mediaSid;
    this.loaded = this.size;
    this.#keep(mediaSid);
    this.#become("checking");
    await this.#ask(mediaSid);
    await this.#await(mediaSid);
  }

  /** Stops, and takes back what was already sent. */
  cancel(): void {
    if (this.isOver && this.state !== "failed") return;
    this.#abort.abort();
    if (this.mediaSid) this.#takeBack(this.mediaSid);
    this.#finish("cancelled", new DOMException("The upload was cancelled.", "AbortError"));
    this.channel._uploads.drop(this);
  }

  /** Takes a finished card away: refused, failed. */
  dismiss(): void {
    if (this.state === "failed") return this.cancel();
    this.channel._uploads.drop(this);
    if (this.mediaSid) this.channel.dismissRefusal(this.mediaSid);
  }

  /** After `failed`: once more from the start. */
  retry(): void {
    if (this.state !== "failed" || !this.file) return;
    this.#abort = new AbortController();
    this.error = null;
    this.loaded = 0;
    this.#become("queued");
    void this._start();
  }

  /** @internal What the server decided, by whichever way it came first. */
  _verdict(media: WireMedia, refusal?: WireRefusal | null): void {
    if (this.isOver || this.state === "sending") return;
    this.#know(media);
    if (refusal) this.refusal = refusal;
    if (media.state === "clean") void this.#send(media);
    else if (media.state === "held") this.#hold(media);
    else if (media.state === "refused") this.#refuse(new ChatError({ status: 422, reason: media.reason }));
    else if (media.state !== "received") this.emit("changed");
  }

  /** @internal Whether `media` can only be this file. */
  _is(media: WireMedia): boolean {
    if (this.mediaSid) return this.mediaSid === media.sid;
    const sent = this.state === "uploading" || this.state === "checking" || this.state === "paused";
    return sent && media.author === this.channel.client.identity && (media.filename === this.name || media.size === this.size);
  }

  #know(media: WireMedia): void {
    this.media = media;
    this.mediaSid = media.sid;
  }

  async #transfer(): Promise<void> {
    const { signal } = this.#abort;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await this.#received(await this.#post());
      } catch (error) {
        if (this.isOver) return;
        if (!(await this.#mayTryAgain(error, attempt))) return this.#fail(error);
      }
    }
  }

  #post(): Promise<WireMedia> {
    if (!this.file) throw offline();
    this.#began = Date.now();
    this.#become("uploading");
    return postFile(this.channel, this.file, {
      signal: this.#abort.signal,
      onProgress: (loaded) => this.#progress(loaded),
      onSent: () => this.#become("checking"),
    });
  }

  #progress(loaded: number): void {
    this.loaded = Math.min(loaded, this.size);
    const seconds = (Date.now() - this.#began) / 1000;
    this.rate = seconds > 1 ? this.loaded / seconds : 0;
    this.emit("changed");
  }

  async #received(media: WireMedia): Promise<void> {
    this.#know(media);
    this.loaded = this.size;
    if (media.state === "clean") return this.#send(media);
    this.#keep(media.sid);
    this.#become("checking");
    this.#release?.();
    await this.#await(media.sid);
  }

  // The verdict comes by socket; asking as well covers a connection that was away when it did.
  async #await(mediaSid: string): Promise<void> {
    for (let pause = 1_000; this.#isWaiting(); pause = ASK_EVERY) {
      await sleep(this.state === "held" ? 12 * pause : pause, this.#abort.signal);
      if (this.#isWaiting()) await this.#ask(mediaSid);
    }
  }

  #isWaiting(): boolean {
    return this.state === "checking" || this.state === "held";
  }

  async #ask(mediaSid: string): Promise<void> {
    try {
      this._verdict(await this.channel.client.http.get<WireMedia>(this.#path(mediaSid)));
    } catch (error) {
      if (isChatError(error) && (error.status === 404 || error.status === 410)) this.#fail(error);
    }
  }

  async #mayTryAgain(error: unknown, attempt: number): Promise<boolean> {
    if (!isChatError(error) || !error.isTemporary) return false;
    const isAway = () => this.channel.client.connectionState !== "connected";
    const asked = Number(error.details["retry_after"] ?? 0);
    if (asked > PATIENCE || (!isAway() && attempt >= ATTEMPTS)) return false;
    if (isAway()) {
      this.#become("paused");
      await this.channel.client.untilConnected(this.#abort.signal);
    } else {
      await sleep(Math.max(backoff(attempt), asked * 1_000), this.#abort.signal);
    }
    return !this.#abort.signal.aborted;
  }

  async #send(media: WireMedia): Promise<void> {
    this.#know(media);
    if (this.file && this.family === "image") this.channel._uploads.rememberFile(media.sid, this.file);
    this.#become("sending");
    this.#forget();
    const draft = { body: "", attributes: this.attributes, mediaSid: media.sid, key: this.key, date: this.date };
    try {
      this.#sent(await this.channel._post(draft));
    } catch (error) {
      this.#fail(error);
    }
  }

  #sent(message: WireMessage): void {
    this.#resolve(message.index);
    this.#become("sent");
    this.channel._uploads.drop(this);
  }

  #hold(media: WireMedia): void {
    this.#keep(media.sid);
    this.#become("held");
  }

  #fail(error: unknown): void {
    const known = isChatError(error) ? error : new ChatError({ message: String(error) });
    const sid = known.details["media_sid"];
    if (typeof sid === "string") this.mediaSid = sid;
    if (known.reason === "media_held" && this.mediaSid) return void this._resume(this.mediaSid);
    if (known.status === 422 || known.status === 413) return this.#refuse(known);
    this.error = known;
    this.#become("failed");
    this.#forget();
    this.#reject(known);
  }

  #refuse(error: ChatError): void {
    const { refusal } = this;
    const said = refusal && { status: error.status, message: refusal.to_sender, reason: refusal.reason, advice: refusal.advice };
    this.error = said ? new ChatError(said) : error;
    this.#finish("refused", this.error);
    this.#abort.abort(); // the verdict may come while bytes are still going up
  }

  #finish(state: UploadState, error: unknown): void {
    this.#forget();
    this.#become(state);
    this.#reject(error);
  }

  #takeBack(mediaSid: string): void {
    this.channel.client.http.delete(this.#path(mediaSid)).catch(() => undefined);
  }

  #become(state: UploadState): void {
    this.state = state;
    this.emit("changed");
    this.channel._changed();
  }

  #keep(mediaSid: string): void {
    const { name, size, type, attributes, key, date } = this;
    this.channel._uploads.keep({ mediaSid, channelSid: this.channel.sid, name, size, type, attributes, key, date });
  }

  #forget(): void {
    if (this.mediaSid) this.channel._uploads.forget(this.mediaSid);
  }

  #path(mediaSid: string): string {
    return `/v1/channels/${this.channel.sid}/media/${mediaSid}`;
  }
}
