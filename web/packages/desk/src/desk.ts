import {
  Emitter, TaskList, backoff, deskClient, isChatError, sleep,
  type Client, type Message, type DeskSession, type Member, type WireMedia, type WireTask, type WireTaskRow,
} from "@vestibule/client";
import { type Chats, type ChannelState } from "@vestibule/flex";
import { registerDeskActions } from "./actions";
import { Agents } from "./agents";
import { chime } from "./chime";
import type { Door } from "./door";
import { LiveRows } from "./live-rows";
import { chatInAddress, putInAddress } from "./place";
import { sectionOf, sectionsOf, toRead, waitingSince, type Sections } from "./sections";

/** The chat in the middle. */
export interface Selection {
  channelSid: string;
  channel: ChannelState | null;
  /** Why it could not be opened. */
  error: string;
}

export type Overlay = "palette" | "shortcuts" | "transfer" | "message" | "file";

/** What a signed-in agent works with: the desk on the screen is a picture of this. */
export class Desk extends Emitter<{ changed: []; reply: [] }> {
  readonly door: Door;
  readonly client: Client;
  readonly tasks: TaskList;
  readonly agents: Agents;
  readonly chats: Chats;
  readonly live: LiveRows;
  session: DeskSession;
  selection: Selection | null = null;
  /** The chat from which one looked up an earlier one. */
  cameFrom: string | null = null;
  overlay: Overlay | null = null;
  /** Whose menu is open. */
  menuOf: Message | null = null;
  /** Whose way is shown. */
  fileOf: WireMedia | null = null;
  isPanelOpen = false;
  isLoaded = false;
  /** Why there is nothing to work with: not an agent any more, or never one. */
  error = "";
  #isClosed = false;
  #stops: (() => void)[] = [];

  constructor(door: Door, session: DeskSession) {
    super();
    this.door = door;
    this.session = session;
    this.chats = door.chats;
    this.client = deskClient(door.origin, session, { keep: door.keep });
    this.tasks = new TaskList(this.client);
    this.agents = new Agents(this.client);
    this.live = new LiveRows(this.client, this.tasks, (row) => this.#said(row));
    registerDeskActions(door.actions, this);
    this.#listen();
  }

  get me(): string {
    return this.session.identity;
  }

  get sections(): Sections {
    return sectionsOf(this.tasks.rows, this.me);
  }

  /** The task of the chat in the middle; also one that is completed. */
  get task(): WireTask | null {
    const sid = this.selection?.channelSid;
    return this.tasks.rows.find((row) => row.channel_sid === sid) ?? this.selection?.channel?.source.task ?? null;
  }

  /** Whom the chat in the middle is with. A channel made over REST has no task to say so. */
  get customerIdentity(): string {
    const channel = this.selection?.channel?.source;
    const guest = channel?.members.find(({ identity }) => !this.agents.has(identity));
    return this.task?.customer ?? guest?.identity ?? channel?.createdBy ?? "";
  }

  get customer(): Member | undefined {
    return this.selection?.channel?.source.memberOf(this.customerIdentity);
  }

  may(permission: string): boolean {
    return this.session.permissions.includes(permission);
  }

  waitingSince(row: WireTaskRow): number | null {
    return waitingSince(row, this.live.unanswered(row.channel_sid));
  }

  /** Connects, and loads until it succeeds. */
  async open(): Promise<void> {
    this.client.connect();
    for (let attempt = 0; !this.isLoaded && !this.#isClosed; attempt++) {
      try {
        await Promise.all([this.tasks.open(), this.agents.load()]);
        this.isLoaded = true;
      } catch (error) {
        if (isChatError(error) && error.status === 401) return this.door.expired();
        if (isChatError(error) && !error.isTemporary) return this.#fail(error.status === 403 ? this.door.texts.noDeskText : this.door.ui.sentence(error));
        await sleep(backoff(attempt));
      }
    }
    this.#sync();
    const sid = chatInAddress();
    if (sid) await this.show(sid);
    this.emit("changed");
  }

  /** Goes on after a new sign-in: files that were chosen and words that were written are still there. */
  async resume(session: DeskSession): Promise<void> {
    this.session = session;
    await this.client.shutdown();
    await this.client.updateToken(session);
    this.client.connect();
    if (this.isLoaded) await this.tasks.open().catch(() => undefined);
    else await this.open();
  }

  close(): void {
    this.#isClosed = true;
    this.#stops.forEach((stop) => stop());
    for (const { channel_sid } of this.tasks.rows) this.chats.close(channel_sid);
    this.live.close();
    this.tasks.close();
    void this.client.shutdown();
    this.removeAllListeners();
  }

  /** Puts a chat in the middle; null: none. */
  async show(channelSid: string | null): Promise<void> {
    putInAddress(channelSid);
    this.isPanelOpen = false;
    if (this.selection?.channelSid === channelSid && !this.selection.error) return this.emit("changed");
    const before = this.selection?.channelSid;
    this.selection = channelSid === null ? null : { channelSid, channel: null, error: "" };
    if (before) this.#leave(before);
    if (channelSid === null) this.cameFrom = null;
    this.#takeOpen(channelSid);
    this.emit("changed");
    if (channelSid && !this.selection?.channel) await this.#load(channelSid);
  }

  showTask(sid: string | null): Promise<void> {
    this.cameFrom = null;
    return this.show(sid === null ? null : (this.tasks.find(sid)?.channel_sid ?? null));
  }

  showOverlay(overlay: Overlay | null): void {
    this.overlay = overlay;
    this.emit("changed");
  }

  showPanel(isOpen: boolean): void {
    this.isPanelOpen = isOpen;
    this.emit("changed");
  }

  nameOf({ channel, author }: Pick<Message, "channel" | "author">): string {
    const member = channel.memberOf(author)?.friendlyName;
    if (member && member !== author) return member;
    return channel.task?.customer === author ? channel.task.customer_name : this.agents.nameOf(author);
  }

  /** The same for whoever is named in a file's way. */
  nameOfPerson(identity: string): string {
    const channel = this.selection?.channel?.source;
    return channel ? this.nameOf({ channel, author: identity }) : this.agents.nameOf(identity);
  }

  #fail(error: string): void {
    this.error = error;
    this.emit("changed");
  }

  #takeOpen(channelSid: string | null): void {
    const channel = channelSid ? this.client.channel(channelSid) : undefined;
    if (channel && this.selection) this.selection.channel = this.chats.open(channel);
  }

  async #load(channelSid: string): Promise<void> {
    try {
      const channel = await this.client.getChannelBySid(channelSid);
      this.live.attach(channel);
      if (this.selection?.channelSid === channelSid) this.selection = { channelSid, channel: this.chats.open(channel), error: "" };
    } catch (error) {
      if (this.selection?.channelSid === channelSid) this.selection = { channelSid, channel: null, error: this.door.ui.sentence(error) };
    }
    this.emit("changed");
  }

  #listen(): void {
    const { client, tasks, door } = this;
    const away = () => this.#wasAway();
    addEventListener("popstate", this.#popped);
    document.addEventListener("visibilitychange", away);
    this.#stops = [
      tasks.listen("changed", () => this.#sync()),
      tasks.listen("added", (row) => this.#added(row)),
      client.listen("connectionStateChanged", (state) => state === "denied" && door.expired()),
      door.settings.listen("changed", () => this.#sync()),
      () => removeEventListener("popstate", this.#popped),
      () => document.removeEventListener("visibilitychange", away),
    ];
  }

  readonly #popped = () => void this.show(chatInAddress());

  // A device that slept past the session's end says so before one has typed half an answer.
  #wasAway(): void {
    if (document.visibilityState === "visible") void this.door.check();
  }

  #sync(): void {
    const { waiting, mine, others } = this.sections;
    const { showsOthers } = this.door.settings;
    this.live.show([...waiting, ...mine, ...(showsOthers ? others : others.filter((row) => row.channel_sid === this.selection?.channelSid))]);
    document.title = this.door.texts.title(this.door.site.team, toRead({ waiting, mine, others }));
  }

  #added(row: WireTaskRow): void {
    if (sectionOf(row, this.me) !== "waiting") return;
    this.door.ui.announce(this.door.texts.isWaiting(row.customer_name));
    this.#ring();
  }

  // While one looks at the chat, its words need no bell.
  #said(row: WireTaskRow): void {
    const isLookedAt = this.selection?.channelSid === row.channel_sid && document.visibilityState === "visible" && document.hasFocus();
    if (row.agent === this.me && !isLookedAt) this.#ring();
  }

  #ring(): void {
    if (this.door.settings.hasSound) chime();
  }

  #leave(channelSid: string): void {
    if (this.tasks.rows.some((row) => row.channel_sid === channelSid)) return;
    this.chats.close(channelSid);
    this.client.leaveChannel(channelSid);
  }
}
