import type { Channel } from "./channel";
import { errorFrom } from "./http";
import { offline } from "./errors";
import type { WireMedia } from "./wire";

export interface TransferOptions {
  signal: AbortSignal;
  onProgress: (loaded: number) => void;
  /** The last byte is out; the server now looks at the file. */
  onSent: () => void;
}

/** Posts a file's bytes. By XMLHttpRequest, because `fetch` does not tell how far it is. */
export function postFile(channel: Channel, file: File, options: TransferOptions): Promise<WireMedia> {
  const { http } = channel.client;
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({ Filename: file.name });
  request.open("POST", http.url(`/v1/channels/${channel.sid}/media?${query}`));
  for (const [name, value] of Object.entries(http.headers("POST"))) request.setRequestHeader(name, value);
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  request.upload.onprogress = (event) => options.onProgress(event.loaded);
  request.upload.onload = () => options.onSent();
  options.signal.addEventListener("abort", () => request.abort());
  return new Promise((resolve, reject) => {
    request.onerror = request.onabort = request.ontimeout = () => reject(offline());
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as WireMedia);
      else reject(errorFrom(request.status, request.responseText));
    };
    request.send(file);
  });
}

/** Lets `count` through at a time, in the order they asked. */
export class Slots {
  #free: number;
  #queue: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves when it is one's turn, with what ends the turn; ending it twice is harmless. */
  async take(signal?: AbortSignal): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    let isHeld = true;
    return () => {
      if (isHeld) this.#pass();
      isHeld = false;
    };
  }

  /** Does `work` in its turn. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const end = await this.take();
    try {
      return await work();
    } finally {
      end();
    }
  }

  #turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push(resolve);
      signal?.addEventListener("abort", () => this.#leave(resolve));
    });
  }

  // Whoever leaves the queue takes a place nobody had, so that the pass at the end comes out even.
  #leave(resolve: () => void): void {
    if (!this.#queue.includes(resolve)) return;
    this.#queue = this.#queue.filter((one) => one !== resolve);
    this.#free--;
    resolve();
  }

  #pass(): void {
    this.#free++;
    if (this.#free > 0) {
      const next = this.#queue.shift();
      if (next) {
        this.#free--;
        next();
      }
    }
  }
}
