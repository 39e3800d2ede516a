import { parseAttributes, type Attributes } from "./attributes";
import type { Channel } from "./channel";
import { Media } from "./media";
import type { Member } from "./member";
import type { WireMedia, WireMessage, WireRefusal } from "./wire";

/** One entry of a channel. */
export class Message {
  readonly channel: Channel;
  #wire: WireMessage;
  #media: Media | null;

  constructor(channel: Channel, wire: WireMessage) {
    this.channel = channel;
    this.#wire = wire;
    this.#media = wire.media && new Media(channel, wire.media);
  }

  get sid(): string {
    return this.#wire.sid;
  }
  get index(): number {
    return this.#wire.index;
  }
  get author(): string {
    return this.#wire.author;
  }
  get body(): string {
    return this.#wire.body;
  }
  get type(): "text" | "media" {
    return this.#media ? "media" : "text";
  }
  get media(): Media | null {
    return this.#media;
  }
  /** Always an object. */
  get attributes(): Attributes {
    return parseAttributes(this.#wire.attributes);
  }
  get dateCreated(): Date {
    return new Date(this.#wire.date_created);
  }
  get timestamp(): Date {
    return this.dateCreated;
  }
  get dateUpdated(): Date {
    return new Date(this.#wire.date_updated);
  }
  get lastUpdatedBy(): string | null {
    return this.#wire.last_updated_by;
  }
  get wasEdited(): boolean {
    return this.#wire.was_edited;
  }
  /** Why its file is closed, in the server's words; null where it is open, or the words are not known. */
  get refusal(): WireRefusal | null {
    if (!this.#media || this.#media.state === "clean") return null;
    return this.channel.refusals.find(({ media }) => media.sid === this.#media?.sid)?.refusal ?? null;
  }
  get isFromMe(): boolean {
    return this.author === this.channel.client.identity;
  }
  /** null for an author who has left. */
  get memberSid(): string | null {
    return this.channel.memberOf(this.author)?.sid ?? null;
  }

  getMember(): Promise<Member | null> {
    return Promise.resolve(this.channel.memberOf(this.author) ?? null);
  }

  /** Deletes the message; its file and every link to it with it. */
  async remove(): Promise<this> {
    await this.channel.client.http.delete(this.#path());
    this.channel._removed(this.sid);
    return this;
  }

  async updateBody(body: string): Promise<this> {
    return this.#update({ body });
  }

  async updateAttributes(attributes: Attributes): Promise<this> {
    return this.#update({ attributes: JSON.stringify(attributes) });
  }

  /** @internal */
  _update(wire: WireMessage): void {
    this.#wire = wire;
    this.#media = wire.media && new Media(this.channel, wire.media);
  }

  /** @internal The file as it is now; nobody edited the message. */
  _setMedia(wire: WireMedia): void {
    this.#wire = { ...this.#wire, media: wire };
    this.#media = new Media(this.channel, wire);
  }

  async #update(change: object): Promise<this> {
    this._update(await this.channel.client.http.post<WireMessage>(this.#path(), change));
    this.channel._changed();
    return this;
  }

  #path(): string {
    return `/v1/channels/${this.channel.sid}/messages/${this.sid}`;
  }
}
