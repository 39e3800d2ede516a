import { Emitter, isChatError, type Message } from "@vestibule/client";
import { causeOf, type Actions, type FileRules, type Notifications } from "@vestibule/flex";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { formatSize } from "./format";
import { english, type Texts } from "./texts";

export interface ConfirmRequest {
  title: string;
  text: string;
  /** The word on the button that does it. */
  action: string;
  isDangerous?: boolean;
}

export interface UiOptions {
  actions: Actions;
  notifications: Notifications;
  rules: () => FileRules;
  texts?: Texts;
  locale?: string;
}

interface UiEvents {
  view: [Message | null];
  confirm: [ConfirmRequest | null];
  announce: [string];
}

/** What components share: actions, words, and the few things that lie over the page. */
export class Ui extends Emitter<UiEvents> {
  readonly actions: Actions;
  readonly notifications: Notifications;
  readonly rules: () => FileRules;
  readonly texts: Texts;
  readonly locale: string | undefined;
  /** The sids of blurred files that one asked to see. */
  readonly revealed = new Set<string>();
  #answer: ((agreed: boolean) => void) | null = null;

  constructor(options: UiOptions) {
    super();
    this.actions = options.actions;
    this.notifications = options.notifications;
    this.rules = options.rules;
    this.texts = options.texts ?? english;
    this.locale = options.locale;
  }

  /** Opens a file over the page. Give this to `registerChatActions`. */
  readonly view = (message: Message | null): void => this.emit("view", message);

  /** Asks once. Resolves with false for Escape, a click beside it, or another question. */
  confirm(request: ConfirmRequest): Promise<boolean> {
    this.answer(false);
    this.emit("confirm", request);
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Answers the question that is open, if one is. */
  answer(agreed: boolean): void {
    this.#answer?.(agreed);
    this.#answer = null;
    this.emit("confirm", null);
  }

  /** Says a sentence to screen readers. */
  announce(sentence: string): void {
    this.emit("announce", sentence);
  }

  /** Invokes an action; what it rejects with is shown to the person. */
  async do(name: string, payload?: unknown): Promise<boolean> {
    try {
      await this.actions.invokeAction(name, payload);
      return true;
    } catch (error) {
      this.notifications.show("ActionFailed", { message: this.sentence(error) }, { kind: "error" });
      return false;
    }
  }

  /** What a person reads about an error. */
  sentence(error: unknown): string {
    const cause = causeOf(error);
    if (isChatError(cause)) return this.texts.errors[cause.code] ?? [cause.message, cause.advice].filter(Boolean).join(" ");
    return cause instanceof Error ? cause.message : String(cause);
  }

  /** The sentence of a notice. */
  notice(code: string, fields: Record<string, string | number>): string {
    const size = typeof fields["maxBytes"] === "number" ? formatSize(fields["maxBytes"], this.locale) : "";
    return this.texts.notices[code]?.({ ...fields, size }) ?? String(fields["message"] ?? code);
  }
}

export const UiContext = createContext<Ui | null>(null);

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (!ui) throw new Error("This component needs a <UiRoot> around it.");
  return ui;
}
