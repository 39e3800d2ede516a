import { Activity } from "./activity";
import type { Attributes } from "./attributes";
import { ChannelFields } from "./channel-fields";
import type { Client } from "./client";
import { ChatError } from "./errors";
import type { Member } from "./member";
import { Message } from "./message";
import { newKey, type Draft, type Pending } from "./outbox";
import { Paginator } from "./paginator";
import { Roster } from "./roster";
import { Upload } from "./upload";
import { Uploads } from "./uploads";
import type * as Wire from "./wire";

export interface ChannelEvents {
  messageAdded: [Message];
  messageUpdated: [Message];
  messageRemoved: [Message];
  memberJoined: [Member];
  memberLeft: [Member];
  memberUpdated: [Member];
  typingStarted: [Member];
  typingEnded: [Member];
  updated: [Channel];
  removed: [Channel];
  mediaRefused: [Wire.WireNotAccepted];
  mediaHeld: [Wire.WireNotAccepted];
  mediaRecalled: [Wire.WireNotAccepted];
  /** Anything that one can see changed; once for many changes of the same moment. */
  changed: [];
}

/** A message that was there and is not any more. */
export interface Removed {
  index: number;
  isFile: boolean;
}

const TOLD: Record<string, "mediaHeld" | "mediaRecalled"> = { MediaHeld: "mediaHeld", MediaRecalled: "mediaRecalled" };
const TYPING_EVERY = 3_000; // ms

/** Where messages are sent: what one sees of it, kept up to date while the client lives. */
export class Channel extends ChannelFields<ChannelEvents> {
  readonly client: Client;
  readonly roles: Record<string, string>;
  /** Ascending by index; without gap from the first to the last that was loaded, but for deleted ones. */
  messages: Message[] = [];
  removed: Removed[] = [];
  refusals: Wire.WireNotAccepted[] = [];
  hasEarlier: boolean;
  isRemoved = false;
  task: Wire.WireTask | null;
  /** @internal */
  readonly _uploads: Uploads;
  #roster: Roster;
  #activity: Activity;
  #toldTyping = 0;
  #willTell = false;
  #earlier: Promise<void> | null = null;
  #unreadFloor = -1;

  constructor(client: Client, view: Wire.WireChannelView) {
    super(view.channel);
    this.client = client;
    this.roles = view.roles;
    this.task = view.task ?? null;
    this.#roster = new Roster(this, view.members);
    this.#activity = this.#makeActivity();
    this._uploads = new Uploads(this);
    this.hasEarlier = (view.messages[0]?.index ?? 0) > 0;
    this.messages = view.messages.map((wire) => new Message(this, wire));
    this.refusals = view.refusals;
  }

  get members(): Member[] {
    return this.#roster.all;
  }
  /** Files of one's own that are on their way, or were not taken. */
  get uploads(): Upload[] {
    return this._uploads.all;
  }
  /** Identities that are typing. Never one's own. */
  get typers(): ReadonlySet<string> {
    return this.#activity.typers;
  }
  /** Identities that are sending files, and which. */
  get senders(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#activity.senders;
  }
  get me(): Member | undefined {
    return this.memberOf(this.client.identity);
  }
  /** Whether one may read but not write. The server decides anew at each message. */
  get isBlocked(): boolean {
    return this.me?.isBlocked ?? false;
  }
  get lastMessage(): { index: number; timestamp: Date } | null {
    const last = this.messages.at(-1);
    return last ? { index: last.index, timestamp: last.timestamp } : null;
  }
  get lastConsumedMessageIndex(): number | null {
    const index = Math.max(this.#unreadFloor, this.me?.lastConsumedMessageIndex ?? -1);
    return index < 0 ? null : index;
  }
  /** Messages of others after one's own read mark. */
  get unreadCount(): number {
    const read = this.lastConsumedMessageIndex ?? -1;
    return this.messages.filter((message) => message.index > read && !message.isFromMe).length;
  }
  /** Messages of one's own that the server does not have yet. */
  get pending(): Pending[] {
    return this.client.outbox.of(this.sid).filter((one) => !one.mediaSid && !this.#hasMessage(one.seenAs));
  }

  memberOf(identity: string): Member | undefined {
    return this.#roster.get(identity);
  }

  /** What to call somebody, also after they left. */
  nameOf(identity: string): string {
    return this.#roster.nameOf(identity);
  }

  getMembers(): Promise<Member[]> {
    return Promise.resolve(this.members);
  }

  /** How far everybody else has read; -1 when nobody has. */
  get readByOthers(): number {
    const others = this.members.filter((member) => member.identity !== this.client.identity);
    return Math.max(-1, ...others.map((member) => member.lastConsumedMessageIndex ?? -1));
  }

  /**
   * Sends text, or a file (a `File`, or a `FormData` that holds one). Resolves with the message's
   * index once the server has it, however long that takes. Rejects with `ChatError` when it says no.
   */
  async sendMessage(content: string | FormData | File | null, attributes: Attributes = {}, key = newKey()): Promise<number> {
    if (content instanceof FormData || content instanceof File) {
      return this.sendFile(fileOf(content), attributes).done;
    }
    const text = JSON.stringify(attributes);
    return (await this._post({ body: content ?? "", attributes: text, key, date: Date.now() })).index;
  }

  /** Sends a file, and gives back what shows how far it is. */
  sendFile(file: File, attributes: Attributes = {}): Upload {
    const upload = this._uploads.add(new Upload(this, file, JSON.stringify(attributes)));
    void upload._start();
    return upload;
  }

  retry(key: string): void {
    this.client.outbox.retry(key);
  }

  discard(key: string): void {
    this.client.outbox.drop(key);
  }

  /** Twilio's paging: `pageSize` messages before `anchor`, or the newest. */
  async getMessages(pageSize = 30, anchor?: number): Promise<Paginator<Message>> {
    const end = anchor ?? (this.messages.at(-1)?.index ?? -1) + 1;
    while (this.hasEarlier && (this.messages[0]?.index ?? 0) > end - pageSize) await this.loadEarlier();
    return Paginator.of(this.messages, end, pageSize, (next) => this.getMessages(pageSize, next));
  }

  /** Adds up to `limit` older messages to `messages`. Asking twice at once asks once. */
  loadEarlier(limit = 50): Promise<void> {
    if (!this.hasEarlier) return Promise.resolve();
    this.#earlier ??= this.#load(limit).finally(() => (this.#earlier = null));
    return this.#earlier;
  }

  /** Tells the others that one is typing; call it as often as you like. */
  typing(): Promise<void> {
    if (Date.now() - this.#toldTyping >= TYPING_EVERY) {
      this.#toldTyping = Date.now();
      this.client.socket.tell({ type: "typing", channel_sid: this.sid });
    }
    return Promise.resolve();
  }

  setAllMessagesConsumed(): Promise<number> {
    return this.updateLastConsumedMessageIndex(this.messages.at(-1)?.index ?? -1);
  }

  advanceLastConsumedMessageIndex(index: number): Promise<number> {
    return this.updateLastConsumedMessageIndex(index);
  }

  /** Moves one's read mark forward. Gives back how many are unread. */
  async updateLastConsumedMessageIndex(index: number): Promise<number> {
    if (index > (this.lastConsumedMessageIndex ?? -1)) {
      this.#unreadFloor = index;
      this._changed();
      await this.#tellRead();
    }
    return this.unreadCount;
  }

  /** Does not show one's own refused file again. Kept on this device. */
  dismissRefusal(mediaSid: string): void {
    this.client.keep.set(`vestibule:dismissed:${mediaSid}`, "1");
    this._changed();
  }

  isDismissed(mediaSid: string): boolean {
    return this.client.keep.get(`vestibule:dismissed:${mediaSid}`) !== null;
  }

  /** A member by sid or identity gets a role; `blockedUser` takes the right to send. */
  async updateMember(member: string, role: string): Promise<void> {
    await this.client.http.post(`/v1/channels/${this.sid}/members/${encodeURIComponent(member)}`, { role });
  }

  /** @internal */
  async _post(draft: Omit<Draft, "channelSid">): Promise<Wire.WireMessage> {
    this.#toldTyping = 0; // the others take a message for the end of typing
    const message = await this.client.outbox.add({ ...draft, channelSid: this.sid });
    this.#add(message);
    return message;
  }

  /** @internal */
  _hear(event: Wire.WireEvent): void {
    if (event.kind.startsWith("Message")) this.#hearMessage(event);
    else if (event.kind.startsWith("Member")) this.#roster.hear(event);
    else if (event.kind.startsWith("Media")) this.#hearMedia(event);
    else if (event.kind === "ChannelRemoved") this._gone();
    else if (event.channel) this.#update(event.channel);
    this._changed();
  }

  /** @internal There is a connection again: says what could not be said without. */
  _connected(): void {
    if (this.#unreadFloor > (this.me?.lastConsumedMessageIndex ?? -1)) void this.#tellRead();
  }

  /** @internal */
  _passing(event: Wire.WirePassing): void {
    if (event.identity === this.client.identity) return;
    this.#activity.hear(event);
  }

  /** @internal */
  _removed(sid: string): void {
    const message = this.messages.find((one) => one.sid === sid);
    if (!message) return;
    this.messages = this.messages.filter((one) => one !== message);
    this.removed = [...this.removed, { index: message.index, isFile: message.type === "media" }];
    this.emit("messageRemoved", message);
    this._changed();
  }

  /** @internal */
  _gone(): void {
    this.isRemoved = true;
    this.emit("removed", this);
    this._changed();
  }

  /** A file sent from this page, to show until the server's picture of it is there. */
  ownFile(mediaSid: string): File | null {
    return this._uploads.ownFile(mediaSid);
  }

  /** @internal */
  _changed(): void {
    if (this.#willTell) return;
    this.#willTell = true;
    queueMicrotask(() => {
      this.#willTell = false;
      this.emit("changed");
    });
  }

  async #tellRead(): Promise<void> {
    await this.client.socket.request({ type: "read", channel_sid: this.sid, index: this.#unreadFloor }).catch(() => undefined);
  }

  #hearMessage(event: Wire.WireEvent): void {
    if (event.kind === "MessageRemoved") this._removed(event.sid);
    else if (event.message) this.#add(event.message);
  }

  #add(wire: Wire.WireMessage): void {
    const known = this.messages.find((message) => message.sid === wire.sid);
    if (known) {
      known._update(wire);
      if (wire.media?.state === "clean") this.#forget(wire.media.sid);
      return this.emit("messageUpdated", known);
    }
    if (this.removed.some((one) => one.index === wire.index)) return;
    if (wire.author === this.client.identity) this.client.outbox.saw(wire);
    this.refusals = this.refusals.filter((one) => one.media.sid !== wire.media?.sid); // it was let through
    const message = new Message(this, wire);
    this.messages = [...this.messages, message].sort((a, b) => a.index - b.index);
    this.#activity.arrived(wire.author);
    this.emit("messageAdded", message);
    this._changed();
  }

  #hearMedia(event: Wire.WireEvent): void {
    const { media, refusal } = event;
    if (!media || !refusal) return;
    const told = { media, refusal, date: media.date_updated };
    this.#forget(media.sid);
    this.refusals = [...this.refusals, told];
    const message = this.messages.find((one) => one.media?.sid === media.sid);
    if (message) this.#close(message, media);
    else this.#notSent(media, refusal);
    this.emit(TOLD[event.kind] ?? "mediaRefused", told);
  }

  // It was out, and is taken back: the bubble stays and says so.
  #close(message: Message, media: Wire.WireMedia): void {
    message._setMedia(media);
    this.emit("messageUpdated", message);
  }

  #notSent(media: Wire.WireMedia, refusal: Wire.WireRefusal): void {
    this.#activity.arrived(media.author);
    this._uploads.of(media)?._verdict(media, refusal);
  }

  #forget(mediaSid: string): void {
    this.refusals = this.refusals.filter((one) => one.media.sid !== mediaSid);
  }

  /** @internal From the user's stream, or from a reviewer's own decision. */
  _cleared(media: Wire.WireMedia): void {
    this._uploads.bySid(media.sid)?._verdict(media);
    this.#forget(media.sid);
    this._changed();
  }

  #update(wire: Wire.WireChannel): void {
    this.row = wire;
    this.emit("updated", this);
  }

  #makeActivity(): Activity {
    const tell = (event: "typingStarted" | "typingEnded") => (identity: string) => {
      const member = this.memberOf(identity);
      if (member) this.emit(event, member);
    };
    return new Activity({ typingStarted: tell("typingStarted"), typingEnded: tell("typingEnded"), changed: () => this._changed() });
  }

  async #load(limit: number): Promise<void> {
    const before = this.messages[0]?.index ?? 0;
    const path = `/v1/channels/${this.sid}/messages?before=${before}&limit=${limit}`;
    const { messages } = await this.client.http.get<{ messages: Wire.WireMessage[] }>(path);
    this.hasEarlier = messages.length > 0 && (messages[0]?.index ?? 0) > 0;
    this.messages = [...messages.map((wire) => new Message(this, wire)), ...this.messages];
    this._changed();
  }

  #hasMessage(sid: string | null): boolean {
    return sid !== null && this.messages.some((message) => message.sid === sid);
  }
}

function fileOf(content: FormData | File): File {
  if (content instanceof File) return content;
  for (const value of content.values()) if (value instanceof File) return value;
  throw new ChatError({ message: "The form holds no file.", reason: "invalid_request" });
}
