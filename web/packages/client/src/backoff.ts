/**
 * Milliseconds before attempt `n` (from 0): doubling, capped, and spread over its upper half so that
 * a restarted server does not meet all its clients at once.
 */
export function backoff(attempt: number, { first = 500, cap = 20_000, random = Math.random } = {}): number {
  const full = Math.min(cap, first * 2 ** Math.min(attempt, 16));
  return full / 2 + (full / 2) * random();
}

export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
