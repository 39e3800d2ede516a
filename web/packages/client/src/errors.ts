import type { WireError } from "./wire";

/** What the server said no to: its code, its sentence, and what the reader can do about it. */
export class ChatError extends Error {
  override name = "ChatError";
  readonly code: number;
  readonly status: number;
  readonly reason: string;
  readonly advice: string;
  readonly details: Record<string, unknown>;

  constructor(error: Partial<WireError>) {
    super(error.message ?? "Something went wrong.");
    this.code = error.code ?? 0;
    this.status = error.status ?? 0;
    this.reason = error.reason ?? "";
    this.advice = error.advice ?? "";
    this.details = error.details ?? {};
  }

  /** Whether the same request may well be answered differently later. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** No answer came: the network, not the server. */
export function offline(message = "There is no connection."): ChatError {
  return new ChatError({ message, reason: "offline", status: 0 });
}

export function isChatError(error: unknown): error is ChatError {
  return error instanceof ChatError;
}
