import type { WirePassing } from "./wire";

const TYPING_HOLDS = 5_000; // ms, as the server has it
const SENDING_HOLDS = 120_000; // ms; whoever sends may vanish without a word

export interface ActivityHears {
  typingStarted: (identity: string) => void;
  typingEnded: (identity: string) => void;
  changed: () => void;
}

/** What others in a channel are doing right now. It is told and not kept, so it ends by itself. */
export class Activity {
  readonly typers = new Set<string>();
  /** Who is sending which files, by sid. */
  readonly senders = new Map<string, Set<string>>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #hears: ActivityHears;

  constructor(hears: ActivityHears) {
    this.#hears = hears;
  }

  hear(event: WirePassing): void {
    if (event.kind === "Typing") this.#typing(event.identity);
    else this.#sending(event);
    this.#hears.changed();
  }

  /** What they were writing or sending is there. */
  arrived(identity: string): void {
    this.#stoppedTyping(identity);
    if (this.senders.delete(identity)) this.#hears.changed();
  }

  #typing(identity: string): void {
    clearTimeout(this.#timers.get(identity));
    this.#timers.set(identity, setTimeout(() => this.#stoppedTyping(identity), TYPING_HOLDS));
    if (this.typers.has(identity)) return;
    this.typers.add(identity);
    this.#hears.typingStarted(identity);
  }

  #stoppedTyping(identity: string): void {
    clearTimeout(this.#timers.get(identity));
    if (!this.typers.delete(identity)) return;
    this.#hears.typingEnded(identity);
    this.#hears.changed();
  }

  #sending({ identity, media_sid: media = "", done }: WirePassing): void {
    const files = this.senders.get(identity) ?? new Set<string>();
    if (done) files.delete(media);
    else files.add(media);
    if (files.size === 0) return void this.senders.delete(identity);
    this.senders.set(identity, files);
    setTimeout(() => files.delete(media) && files.size === 0 && this.arrived(identity), SENDING_HOLDS);
  }
}
