import { pause } from './pause.js';

export interface BackoffOptions {
  /** The longest that the first wait can be, 0 for none at all; with each failure it doubles. */
  readonly firstMs: number;
  /** Where it stops doubling. */
  readonly lastMs: number;
  /**
   * How much of each wait is left to chance, from 0 to 1, so that all who lost one server do not come back to it at one moment. Half of it
   * unless said otherwise; 0 for what nobody else waits for.
   */
  readonly jitter?: number | undefined;
  /** From 0 to 1: Math.random unless said otherwise. A simulation has its own. */
  readonly random?: (() => number) | undefined;
}

/** No wait that anybody lives to see doubles more often. */
const MOST_DOUBLINGS = 64;

/**
 * How long to wait between tries: each time up to twice as long as the time before, until a success.
 *
 * 1. The wait after n failures in a row lies between c · (1 − jitter) and c, where c is firstMs · 2^(n − 1), or lastMs if that is less.
 */
export class Backoff {
  /** How many tries in a row have failed. */
  failures = 0;
  private readonly jitter: number;
  private readonly random: () => number;

  /** Throws RangeError for waits below 0, and for a jitter outside of 0 to 1. */
  constructor(private readonly options: BackoffOptions) {
    const { firstMs, lastMs, jitter = 0.5, random = Math.random } = options;
    if (!(firstMs >= 0 && lastMs >= 0)) throw new RangeError('firstMs and lastMs are 0 or more');
    if (!(jitter >= 0 && jitter <= 1)) throw new RangeError('jitter is from 0 to 1');
    this.jitter = jitter;
    this.random = random;
  }

  /** Counts a failure. How many milliseconds to wait before the next try. */
  failed(): number {
    const { firstMs, lastMs } = this.options;
    const mostMs = Math.min(firstMs * 2 ** Math.min(this.failures, MOST_DOUBLINGS), lastMs);
    this.failures++;
    return mostMs * (1 - this.jitter + this.jitter * this.random());
  }

  /** Counts a failure, and waits; no longer once the signal is aborted. Never rejects. */
  wait(signal?: AbortSignal): Promise<void> {
    return pause(this.failed(), signal);
  }

  /** To be called after a success: the next failure counts as the first. */
  reset(): void {
    this.failures = 0;
  }
}
