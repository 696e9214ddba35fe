import { ParleyError } from './error.js';

export interface RetryOptions {
  /** How often a call is tried at most. 5 unless said otherwise; 1 never tries again. */
  readonly attempts?: number | undefined;
  /** Wait before the second try; it doubles with each. 100 unless said otherwise. */
  readonly baseMs?: number | undefined;
  /** The longest wait. 5,000 unless said otherwise. */
  readonly maxMs?: number | undefined;
}

/** Waits between tries: doubling, half of it by chance so that many clients do not come back at once. */
export class Backoff {
  readonly attempts: number;
  readonly #baseMs: number;
  readonly #maxMs: number;
  #failures = 0;

  constructor({ attempts = 5, baseMs = 100, maxMs = 5_000 }: RetryOptions) {
    this.attempts = attempts;
    this.#baseMs = baseMs;
    this.#maxMs = maxMs;
  }

  /** To be called after progress: failures are counted from 0 again. */
  reset(): void {
    this.#failures = 0;
  }

  /** Counts the failure and waits. Throws it when it is not transient or the tries are used up, and the signal's reason when that aborts. */
  async after(failure: unknown, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    this.#failures++;
    if (!(failure instanceof ParleyError) || !failure.isTransient || this.#failures >= this.attempts) throw failure;
    const ceilingMs = Math.min(this.#maxMs, this.#baseMs * 2 ** (this.#failures - 1));
    const waitMs = ceilingMs * (0.5 + Math.random() / 2);
    await sleep(Math.min(this.#maxMs, Math.max(waitMs, failure.retryAfterMs ?? 0)), signal);
  }
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', settle);
      if (signal?.aborted === true) reject(signal.reason as Error);
      else resolve();
    };
    const timer = setTimeout(settle, ms);
    signal?.addEventListener('abort', settle, { once: true });
  });
}
