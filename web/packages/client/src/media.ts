import type { Channel } from "./channel";
import type { MediaState, RenditionName, WireLink, WireMedia, WireRendition } from "./wire";

export type MediaFamily = "image" | "pdf" | "video" | "audio" | "text" | "archive" | "sheet" | "document" | "other";

export interface LinkRequest {
  /** Left out: the file itself. */
  rendition?: RenditionName;
  disposition?: "inline" | "attachment";
}

/** A file in a channel. Its address is asked for each time and lasts minutes; it is never kept. */
export class Media {
  readonly channel: Channel;
  readonly wire: WireMedia;

  constructor(channel: Channel, wire: WireMedia) {
    this.channel = channel;
    this.wire = wire;
  }

  get sid(): string {
    return this.wire.sid;
  }
  get filename(): string {
    return this.wire.filename;
  }
  get contentType(): string {
    return this.wire.content_type;
  }
  get size(): number {
    return this.wire.size;
  }
  get state(): MediaState {
    return this.wire.state;
  }
  get author(): string {
    return this.wire.author;
  }
  get width(): number | null {
    return this.wire.width;
  }
  get height(): number | null {
    return this.wire.height;
  }
  /** Seconds. */
  get duration(): number | null {
    return this.wire.duration;
  }
  get pages(): number | null {
    return this.wire.pages;
  }
  get family(): MediaFamily {
    return familyOf(this.wire.content_type, this.wire.filename);
  }
  /** What is to be known of it; for agents only. */
  get flags(): readonly string[] {
    return this.wire.flags;
  }
  /** Whether it is better covered until one asks for it. */
  get isBlurred(): boolean {
    return this.wire.flags.includes("blur");
  }
  get isGone(): boolean {
    return this.state === "gone" || this.state === "recalled";
  }

  rendition(name: RenditionName): WireRendition | undefined {
    return this.wire.renditions.find((one) => one.name === name);
  }

  /** A fresh address of the file, or of one of its renditions. */
  async getContentUrl(request: LinkRequest = {}): Promise<string> {
    return (await this.getLink(request)).url;
  }

  /** The same with its content type and the time it ends. */
  async getLink(request: LinkRequest = {}): Promise<WireLink> {
    const { http } = this.channel.client;
    const link = await http.post<WireLink>(`/v1/channels/${this.channel.sid}/media/${this.sid}/link`, request);
    return { ...link, url: http.url(link.url) };
  }
}

const SENSITIVE = ["card_number", "iban", "secret"];

/** Which of a file's flags its sender should know of before it is sent. */
export function sensitiveFlags(media: WireMedia | null): string[] {
  return media?.flags.filter((flag) => SENSITIVE.includes(flag)) ?? [];
}

/** Which picture and words a file gets. */
export function familyOf(contentType: string, filename = ""): MediaFamily {
  const ending = filename.slice(filename.lastIndexOf(".") + 1).toLowerCase();
  if (contentType.startsWith("image/")) return "image";
  if (contentType.startsWith("video/")) return "video";
  if (contentType.startsWith("audio/")) return "audio";
  if (contentType === "application/pdf") return "pdf";
  if (/zip|x-7z|x-rar|x-tar|gzip/.test(contentType)) return "archive";
  if (/spreadsheet|excel|csv/.test(contentType) || ["csv", "xlsx", "xls", "ods"].includes(ending)) return "sheet";
  if (/word|opendocument.text|rtf|presentation/.test(contentType)) return "document";
  return contentType.startsWith("text/") ? "text" : "other";
}
