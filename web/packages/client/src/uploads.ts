import type { Channel } from "./channel";
import { Upload, type KeptUpload } from "./upload";
import type { WireMedia } from "./wire";

const OWN_FILES = 20; // pictures of this device kept at hand

/** The files on their way into one channel. Those whose checks take long outlive the page. */
export class Uploads {
  all: Upload[] = [];
  #channel: Channel;
  #ownFiles = new Map<string, File>();

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  add(upload: Upload): Upload {
    this.all = [...this.all, upload];
    this.#channel._changed();
    return upload;
  }

  drop(upload: Upload): void {
    this.all = this.all.filter((one) => one !== upload);
    this.#channel._changed();
  }

  bySid(mediaSid: string): Upload | undefined {
    return this.all.find((upload) => upload.mediaSid === mediaSid);
  }

  /** The one that `media` can only be. */
  of(media: WireMedia): Upload | undefined {
    return this.all.find((upload) => upload._is(media));
  }

  ownFile(mediaSid: string): File | null {
    return this.#ownFiles.get(mediaSid) ?? null;
  }

  rememberFile(mediaSid: string, file: File): void {
    this.#ownFiles.set(mediaSid, file);
    const [oldest] = this.#ownFiles.keys();
    if (this.#ownFiles.size > OWN_FILES && oldest) this.#ownFiles.delete(oldest);
  }

  keep(kept: KeptUpload): void {
    this.#channel.client.keep.set(this.#name(kept.mediaSid), JSON.stringify(kept));
  }

  forget(mediaSid: string): void {
    this.#channel.client.keep.remove(this.#name(mediaSid));
  }

  /** Takes up the files that were being checked when the page went away. */
  resume(): void {
    const { keep } = this.#channel.client;
    for (const name of keep.keys(this.#name(""))) {
      const kept = JSON.parse(keep.get(name) ?? "null") as KeptUpload | null;
      if (kept?.channelSid !== this.#channel.sid) continue;
      void this.add(new Upload(this.#channel, null, kept.attributes, kept))._resume(kept.mediaSid);
    }
  }

  #name(mediaSid: string): string {
    return `vestibule:upload:${this.#channel.client.identity}:${mediaSid}`;
  }
}
