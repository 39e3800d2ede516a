import { Emitter, backoff, browserKeep, currentSession, getSite, isChatError, signIn, signOut, sleep, type DeskSession, type Keep, type Site } from "@vestibule/client";
import { Actions, Chats, Notifications, registerChatActions } from "@vestibule/flex";
import { Ui, english as uiTexts } from "@vestibule/ui";
import { Desk } from "./desk";
import { Settings } from "./settings";
import { english } from "./texts";

/** Where one is: before the door, or at the desk. */
export type Stage = "loading" | "unreachable" | "closed" | "open";
export type Notice = "expired" | "signedOut" | null;

const SITE: Site = {
  team: "Support",
  greeting: "",
  reply_minutes: null,
  accent: "",
  languages: ["en"],
  ask_name: false,
  ask_email: false,
  files: { max_bytes: 25_000_000, accept: [], words: "" },
};

/**
 * Signing in and out. The desk behind outlives a session that ends by itself, so that nothing is lost
 * when the same person comes back; it is not shown meanwhile.
 */
export class Door extends Emitter<{ changed: [] }> {
  readonly origin: string;
  readonly keep: Keep;
  readonly settings: Settings;
  readonly actions = new Actions();
  readonly notifications = new Notifications();
  readonly chats = new Chats();
  readonly ui: Ui;
  readonly texts = english;
  stage: Stage = "loading";
  notice: Notice = null;
  site = SITE;
  desk: Desk | null = null;
  #tabs = new BroadcastChannel("vestibule:desk");

  constructor(origin: string, keep: Keep = browserKeep()) {
    super();
    this.origin = origin;
    this.keep = keep;
    this.settings = new Settings(keep);
    const { actions, notifications, chats } = this;
    const texts = { ...uiTexts, notices: { ...uiTexts.notices, ...english.notices }, offline: english.reconnecting, offlineWaiting: english.reconnectingWaiting };
    this.ui = new Ui({ actions, notifications, rules: () => this.site.files, texts });
    registerChatActions(actions, { chats, notifications, rules: () => this.site.files, view: this.ui.view });
    this.#tabs.onmessage = () => this.#leave("signedOut"); // signed out in another tab
  }

  /** Finds out whether somebody is signed in here; until the server answers. */
  async load(): Promise<void> {
    for (let attempt = 0; this.stage === "loading" || this.stage === "unreachable"; attempt++) {
      try {
        const [site, session] = await Promise.all([getSite(this.origin), currentSession(this.origin)]);
        this.site = site;
        if (session) this.#enter(session);
        else this.#become("closed");
      } catch (error) {
        if (isChatError(error) && !error.isTemporary) return this.#become("closed");
        this.#become("unreachable");
        await sleep(backoff(attempt, { first: 1_000 }));
      }
    }
  }

  /**
   * Raises `ChatError`. Not an action: no plugin should see a password.
   */
  async signIn(name: string, password: string): Promise<void> {
    const session = await signIn(this.origin, name, password);
    this.settings.name = name;
    this.#enter(session);
  }

  /** The session ended by itself. What was written waits for whoever wrote it. */
  expired(): void {
    if (this.stage !== "open") return;
    this.notice = "expired";
    this.#become("closed");
  }

  /** Asks whether the session is still good. */
  async check(): Promise<void> {
    if (this.stage !== "open") return;
    const session = await currentSession(this.origin).catch(() => undefined);
    if (session === null) this.expired();
  }

  async signOut(): Promise<void> {
    const { desk } = this;
    if (!desk) return;
    await signOut(this.origin, desk.session.csrf).catch((error: unknown) => {
      if (!isChatError(error) || error.status !== 401) throw error;
    });
    this.#tabs.postMessage("signed out");
    this.#leave("signedOut");
  }

  #enter(session: DeskSession): void {
    this.notice = null;
    if (this.desk?.me === session.identity) void this.desk.resume(session);
    else {
      this.desk?.close();
      this.desk = new Desk(this, session);
      void this.desk.open();
    }
    this.#become("open");
  }

  #leave(notice: Notice): void {
    this.desk?.close();
    this.desk = null;
    this.notice = notice;
    document.title = this.texts.title(this.site.team, 0);
    this.#become("closed");
  }

  #become(stage: Stage): void {
    this.stage = stage;
    this.emit("changed");
  }
}
