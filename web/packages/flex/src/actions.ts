// Actions, as plugins written for Flex UI 1.x know them: before listeners, the body or its
// replacement, after listeners. Two things are ours, both stricter: listeners are isolated from one
// another, and a broken before listener stops the three actions that let files through.

import { CoreError, coreError } from "./errors";

// The payload's type is the action's own; plugins see it untyped, as they always did.
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return */
export type ActionPayload = any;
export type ActionFunction = (payload: ActionPayload) => unknown;
export type ReplacedActionFunction = (payload: ActionPayload, original: ActionFunction) => unknown;
export type CancelAction = () => void;
export type ActionListener = (payload: ActionPayload, cancelAction: CancelAction) => unknown;
export type PayloadMatch = object | ((payload: ActionPayload) => boolean);
/** What a before listener that throws or rejects does to its action. */
export type BeforeErrors = "continue" | "cancel";

export interface ListenerOptions {
  onError?: BeforeErrors;
}

export interface ActionsOptions {
  /** Left out: `cancel` for `FILE_ACTIONS`, `continue` for the others. */
  beforeErrors?: BeforeErrors;
  log?: (message: string, error: unknown) => void;
}

export interface RunningAction {
  name: string;
  payload: ActionPayload;
}

/** A broken check must not let a file through. */
export const FILE_ACTIONS: readonly string[] = ["AttachFile", "SendMediaMessage", "DownloadMedia"];

const BARE_EVENTS = ["invocationBegin", "invocationEnd", "actionBlockedChanged"];

interface Registered {
  body: ActionFunction;
  payloadUpdate: ((payload: ActionPayload) => void) | undefined;
  replacement: ReplacedActionFunction | null;
}

interface Listening {
  listener: (...args: never[]) => unknown;
  onError: BeforeErrors | undefined;
}

export class Actions {
  #actions = new Map<string, Registered>();
  #listeners = new Map<string, Listening[]>();
  #pending: RunningAction[] = [];
  #blocked: RunningAction[] = [];
  #options: ActionsOptions;

  constructor(options: ActionsOptions = {}) {
    this.#options = options;
  }

  registerAction(name: string, body: ActionFunction, payloadUpdate?: (payload: ActionPayload) => void): void {
    this.#actions.set(name, { body, payloadUpdate, replacement: null });
  }

  /** The last replacement wins; `original` is the registered body, without listeners. */
  replaceAction(name: string, replacement: ReplacedActionFunction): void {
    this.#registered(name).replacement = replacement;
  }

  has(name: string): boolean {
    return this.#actions.has(name);
  }

  /** Resolves with what the body gave. Rejects with `CoreError`, or a plain error when cancelled. */
  async invokeAction(name: string, payload?: ActionPayload): Promise<ActionPayload> {
    const action = this.#registered(name);
    if (this.#pending.some((running) => running.name === name && matches(payload, running.payload))) {
      throw new CoreError("Action is pending", { description: `Action ${name} is already running.` });
    }
    if (this.#isBlocked(name, payload)) {
      throw new CoreError("Action is blocked", { description: `Action ${name} is blocked.` });
    }
    return this.#run(name, action, payload);
  }

  /** The same, for a user interface: a cancelled or broken action gives undefined. */
  async tryInvokeAction(name: string, payload?: ActionPayload): Promise<ActionPayload> {
    return this.invokeAction(name, payload).catch(() => undefined);
  }

  /** `before<Action>`, `after<Action>`, or a bare event. */
  addListener(event: string, listener: ActionListener, options: ListenerOptions = {}): this {
    if (!BARE_EVENTS.includes(event) && !/^(before|after)./.test(event)) {
      throw new CoreError("Unknown event", { description: `Listen to before<Action> or after<Action>, not ${event}.` });
    }
    const all = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...all, { listener, onError: options.onError }]);
    return this;
  }

  on(event: string, listener: ActionListener): this {
    this.#log("Actions.on is an alias; please use Actions.addListener.", event);
    return this.addListener(event, listener);
  }

  removeListener(event: string, listener: ActionListener): this {
    const all = this.#listeners.get(event) ?? [];
    const last = all.findLastIndex((one) => one.listener === listener);
    this.#listeners.set(event, all.filter((_, place) => place !== last));
    return this;
  }

  off(event: string, listener: ActionListener): this {
    return this.removeListener(event, listener);
  }

  removeAllListeners(event?: string): this {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }

  /** Events of actions are told by invoking them, never by hand. */
  emit(): never {
    throw new CoreError("Emitting is not supported", { description: "Use invokeAction." });
  }

  findPendingActions(names: string | string[], match?: PayloadMatch): RunningAction[] {
    return find(this.#pending, names, match);
  }

  findBlockedActions(names: string | string[], match?: PayloadMatch): RunningAction[] {
    return find(this.#blocked, names, match);
  }

  /** Refuses invocations whose payload matches, until it is unblocked with the same payload. */
  blockAction(name: string, payload?: ActionPayload): void {
    this.#blocked.push({ name, payload });
    this.#tell("actionBlockedChanged", true, name, payload);
  }

  unblockAction(name: string, payload?: ActionPayload): void {
    const place = this.#blocked.findIndex((one) => one.name === name && isSame(payload, one.payload));
    if (place < 0) return;
    this.#blocked.splice(place, 1);
    this.#tell("actionBlockedChanged", false, name, payload);
  }

  async #run(name: string, action: Registered, payload: ActionPayload): Promise<ActionPayload> {
    const running = { name, payload };
    this.#pending.push(running);
    this.#tell("invocationBegin", name, payload);
    try {
      action.payloadUpdate?.(payload);
      await this.#before(name, payload);
      const result = await this.#do(action, payload);
      await this.#after(name, payload);
      return result;
    } finally {
      this.#pending.splice(this.#pending.indexOf(running), 1);
      this.#tell("invocationEnd", name, payload);
    }
  }

  // All start in their order, run at the same time, and are awaited: one may cancel until the last is done.
  async #before(name: string, payload: ActionPayload): Promise<void> {
    let isCancelled = false;
    const cancel = () => void (isCancelled = true);
    const wasCancelled = () => isCancelled;
    const all = this.#listeners.get(`before${name}`) ?? [];
    const errors = await Promise.all(
      all.map(async ({ listener, onError }) => {
        const error = await this.#hear(`before${name}`, listener, payload, cancel);
        return error && (onError ?? this.#beforeErrors(name)) === "cancel" ? error : null;
      }),
    );
    const broken = errors.find((error) => error !== null);
    if (wasCancelled()) throw new Error(`Action ${name} cancelled by before event`);
    if (broken) throw new CoreError(`Action ${name} stopped: a check failed`, { wrappedError: broken.cause });
  }

  #beforeErrors(name: string): BeforeErrors {
    return this.#options.beforeErrors ?? (FILE_ACTIONS.includes(name) ? "cancel" : "continue");
  }

  async #do(action: Registered, payload: ActionPayload): Promise<ActionPayload> {
    try {
      if (!action.replacement) return await action.body(payload);
      return await action.replacement(payload, action.body);
    } catch (error) {
      throw coreError(error);
    }
  }

  async #after(name: string, payload: ActionPayload): Promise<void> {
    const all = this.#listeners.get(`after${name}`) ?? [];
    await Promise.all(all.map(({ listener }) => this.#hear(`after${name}`, listener, payload)));
  }

  // One listener's failure is its own: the others are called all the same.
  async #hear(event: string, listener: Listening["listener"], ...args: unknown[]): Promise<Error | null> {
    try {
      await (listener as (...args: unknown[]) => unknown)(...args);
      return null;
    } catch (error) {
      this.#log(`A listener of ${event} failed.`, error);
      return new Error(event, { cause: error });
    }
  }

  #tell(event: string, ...args: unknown[]): void {
    for (const { listener } of this.#listeners.get(event) ?? []) void this.#hear(event, listener, ...args);
  }

  #isBlocked(name: string, payload: ActionPayload): boolean {
    return this.#blocked.some((one) => one.name === name && covers(one.payload, payload));
  }

  #registered(name: string): Registered {
    const action = this.#actions.get(name);
    if (action) return action;
    throw new CoreError("Action does not exist", { description: `Action ${name} does not exist!` });
  }

  #log(message: string, error: unknown): void {
    (this.#options.log ?? console.error)(message, error);
  }
}

// A new payload matches a running one when it says nothing that the running one does not.
function matches(payload: ActionPayload, running: ActionPayload): boolean {
  if (payload === undefined || payload === running) return true;
  if (!isObject(payload) || !isObject(running)) return false;
  return Object.keys(payload).every((key) => payload[key] === running[key]);
}

// A block without payload blocks every invocation of the name.
function covers(blocked: ActionPayload, payload: ActionPayload): boolean {
  if (blocked === undefined) return true;
  return payload !== undefined && matches(blocked, payload);
}

function isSame(a: ActionPayload, b: ActionPayload): boolean {
  return a === b || (a !== undefined && b !== undefined && matches(a, b) && matches(b, a));
}

function find(actions: RunningAction[], names: string | string[], match?: PayloadMatch): RunningAction[] {
  const wanted = typeof names === "string" ? [names] : names;
  const fits = (payload: ActionPayload) => (typeof match === "function" ? match(payload) : matches(match, payload));
  return actions.filter(({ name, payload }) => wanted.includes(name) && fits(payload));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
