import { setImmediate as nextTurn } from 'node:timers/promises';
import { pause } from '../../src/resilience/pause.js';

export interface RestOptions {
  readonly isUrgent?: boolean;
  /** How far the work is behind; 0 unless it is given. */
  readonly lagMs?: number;
  readonly signal?: AbortSignal;
}

/** Who is so far behind does not rest. */
const NO_REST_MS = 500;

/**
 * Leaves time for other work: each follower rests in proportion to its work. Several followers of one thread share one, and rest one after the
 * other; so a single busy one may take the whole share, and all together take little more. The further behind
 * one is, the larger its share: it gives way, and falls behind no further than that.
 */
export class Throttle {
  private rested: Promise<void> = Promise.resolve();

  /** The share of the time that may be worked, above 0 and up to 1. */
  constructor(private readonly duty: number) {
    if (!(duty > 0 && duty <= 1)) throw new RangeError('duty is above 0 and up to 1');
  }

  /**
   * Rests for so much work, or until the signal is aborted; for none of it, or where it is urgent, lets other work of the thread have its
   * turn.
   */
  rest(busyMs: number, { signal, ...how }: RestOptions = {}): Promise<void> {
    const restMs = this.restMs(busyMs, how);
    if (restMs < 1) return nextTurn();
    return (this.rested = this.rested.then(() => pause(restMs, signal)));
  }

  /** How long that is. */
  restMs(busyMs: number, { isUrgent = false, lagMs = 0 }: Omit<RestOptions, 'signal'> = {}): number {
    const share = this.duty + (1 - this.duty) * Math.min(1, lagMs / NO_REST_MS);
    return isUrgent ? 0 : busyMs * (1 / share - 1);
  }
}
