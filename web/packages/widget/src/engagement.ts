import {
  Emitter, backoff, browserKeep, getSite, isChatError, resumeChat, sleep, startChat, visitorClient,
  type Channel, type Client, type Keep, type NewChat, type Site, type StartedChat,
} from "@vestibule/client";
import { Actions, Chats, Notifications, registerChatActions, type ChannelState } from "@vestibule/flex";
import { Ui } from "@vestibule/ui";
import { resumeKey, type WidgetOptions } from "./options";

export type Stage = "loading" | "form" | "starting" | "chat";

const UNKNOWN: Site = {
  team: "Support",
  greeting: "",
  reply_minutes: null,
  accent: "",
  languages: ["en"],
  ask_name: false,
  ask_email: false,
  files: { max_bytes: 25_000_000, accept: [], words: "" },
};

/** A visitor's chat, from the launcher to its end: what the widget shows is a picture of this. */
export class Engagement extends Emitter<{ changed: [] }> {
  readonly options: WidgetOptions;
  readonly actions = new Actions();
  readonly notifications = new Notifications();
  readonly chats = new Chats();
  readonly ui: Ui;
  readonly keep: Keep;
  stage: Stage = "loading";
  site: Site = UNKNOWN;
  isOpen = false;
  isOnline = true;
  /** Why the chat could not be started. */
  error = "";
  channel: ChannelState | null = null;
  #client: Client | null = null;

  constructor(options: WidgetOptions, keep: Keep = browserKeep()) {
    super();
    this.options = options;
    this.keep = keep;
    const locale = options.language || undefined;
    this.ui = new Ui({ actions: this.actions, notifications: this.notifications, rules: () => this.site.files, ...(locale && { locale }) });
    this.#register();
  }

  get unread(): number {
    return this.channel?.source.unreadCount ?? 0;
  }

  /** Asks for the site's settings and goes on with the chat of before, if there is one; until it succeeds. */
  async load(): Promise<void> {
    for (let attempt = 0; this.stage === "loading"; attempt++) {
      try {
        this.site = await getSite(this.options.origin);
        await this.#resume();
        this.isOnline = true;
      } catch (error) {
        if (isChatError(error) && !error.isTemporary) this.#become("form");
        else await this.#waitForNetwork(attempt);
      }
    }
  }

  open(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.emit("changed");
  }

  #register(): void {
    const { actions, chats, notifications, ui } = this;
    registerChatActions(actions, { chats, notifications, rules: () => this.site.files, view: ui.view });
    actions.registerAction("StartEngagement", ({ formData }: { formData?: NewChat } = {}) => this.#start(formData ?? {}));
    actions.registerAction("RestartEngagement", () => this.#restart());
    actions.registerAction("ToggleChatVisibility", () => this.open(!this.isOpen));
    actions.registerAction("MinimizeChat", () => this.open(false));
  }

  async #start(form: NewChat): Promise<string> {
    this.error = "";
    this.#become("starting");
    try {
      const attributes = { ...whereFrom(), ...form.attributes };
      return await this.#enter(await startChat(this.options.origin, { ...form, attributes }));
    } catch (error) {
      this.error = isChatError(error) ? [error.message, error.advice].filter(Boolean).join(" ") : String(error);
      this.#become("form");
      throw error;
    }
  }

  async #resume(): Promise<void> {
    const word = this.keep.get(resumeKey(this.options.origin));
    const chat = word ? await resumeChat(this.options.origin, word) : null;
    if (chat) await this.#enter(chat);
    else this.#become("form");
  }

  async #enter(chat: StartedChat): Promise<string> {
    const { origin } = this.options;
    const remember = (word: string) => this.keep.set(resumeKey(origin), word);
    remember(chat.resume);
    this.#client = visitorClient(origin, chat, remember, { keep: this.keep }).connect();
    this.#client.on("connectionStateChanged", (state) => void (state === "denied" && this.#restart()));
    this.#show(await this.#client.getChannelBySid(chat.channel_sid));
    return chat.channel_sid;
  }

  #show(channel: Channel): void {
    this.channel = this.chats.open(channel);
    this.channel.on("changed", () => this.emit("changed"));
    channel.on("removed", () => void this.#restart());
    this.#become("chat");
  }

  async #restart(): Promise<void> {
    this.keep.remove(resumeKey(this.options.origin));
    await this.#client?.shutdown();
    if (this.channel) this.chats.close(this.channel.sid);
    this.#client = null;
    this.channel = null;
    this.#become("form");
  }

  async #waitForNetwork(attempt: number): Promise<void> {
    this.isOnline = false;
    this.emit("changed");
    const woken = new AbortController();
    addEventListener("online", () => woken.abort(), { signal: woken.signal });
    await sleep(backoff(attempt, { first: 1_000 }), woken.signal);
    woken.abort();
  }

  #become(stage: Stage): void {
    this.stage = stage;
    this.emit("changed");
  }
}

/** What helps an agent to understand. Without queries and fragments: they may hold a visitor's secrets. */
function whereFrom(): Record<string, string> {
  const referrer = document.referrer ? bare(new URL(document.referrer)) : "";
  return { page: bare(location), language: navigator.language, ...(referrer && { referrer }) };
}

function bare(url: Location | URL): string {
  return url.origin + url.pathname;
}
