import { Backoff } from '../../resilience/backoff.js';
import { pause } from '../../resilience/pause.js';
import { ParleyError } from './error.js';

export interface RetryOptions {
  /** How often a call is tried at most. 5 unless said otherwise; 1 never tries again. */
  readonly attempts?: number | undefined;
  /** Wait before the second try; it doubles with each. 100 unless said otherwise. */
  readonly baseMs?: number | undefined;
  /** The longest wait. 5,000 unless said otherwise. */
  readonly maxMs?: number | undefined;
}

/** Which failures are tried again, and after which wait: half of it by chance, and no less than the server asks for. */
export class Retries {
  readonly #attempts: number;
  readonly #maxMs: number;
  readonly #backoff: Backoff;

  constructor({ attempts = 5, baseMs = 100, maxMs = 5_000 }: RetryOptions) {
    this.#attempts = attempts;
    this.#maxMs = maxMs;
    this.#backoff = new Backoff({ firstMs: baseMs, lastMs: maxMs });
  }

  /** To be called after progress: failures are counted from 0 again. */
  reset(): void {
    this.#backoff.reset();
  }

  /** Counts the failure and waits. Throws it when it is not transient or the tries are used up, and the signal's reason when that aborts. */
  async after(failure: unknown, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const waitMs = this.#backoff.failed();
    const isOver = this.#backoff.failures >= this.#attempts;
    if (!(failure instanceof ParleyError) || !failure.isTransient || isOver) throw failure;
    await pause(Math.min(this.#maxMs, Math.max(waitMs, failure.retryAfterMs ?? 0)), signal);
    signal?.throwIfAborted();
  }
}
