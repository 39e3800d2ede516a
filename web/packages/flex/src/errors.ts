/** The error of the plugin API: a fixed message, and what is behind it in `content`. */
export class CoreError extends Error {
  override name = "CoreError";
  readonly content: { description?: string; wrappedError?: unknown };

  constructor(message: string, content: CoreError["content"] = {}) {
    super(message);
    this.content = content;
  }
}

/** What an action rejects with: errors of ours as they are, anything else wrapped. */
export function coreError(error: unknown): CoreError {
  if (error instanceof CoreError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new CoreError(message, { wrappedError: error });
}

/** The sentence for a person, from whatever an action rejected with. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The error that an action's body threw, without the wrapping. */
export function causeOf(error: unknown): unknown {
  return error instanceof CoreError ? (error.content.wrappedError ?? error) : error;
}
