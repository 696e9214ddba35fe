import { Index } from '../../domain/ids.js';
import type { Market } from '../../domain/market.js';
import type { ShardClock } from './shard-clock.js';
import type { ShardOptions } from './shard-options.js';

type DeadlineTimerOptions = Pick<
  ShardOptions,
  'scheduler' | 'lookEachMs' | 'initiatorDeadlineMs' | 'responderDeadlineMs'
>;

/**
 * Wakes a shard when the next of its timers falls due, and sees to it that every deal in flight has its deadlines.
 *
 * 1. At most one task is scheduled: for the timer that is due first, or for a look at the clock on the way there, which may be set while
 *    nobody looks, as a machine may sleep. None without a timer.
 * 2. It never counts on time to pass as the scheduler says: whether a timer is due, the clock says each time.
 * 3. Each side that waits for the other has one deadline at a time; one that has passed in vain is set again.
 */
export class DeadlineTimer {
  private dueMs = Number.POSITIVE_INFINITY;
  private cancelTask = (): void => undefined;

  constructor(
    private readonly market: Market,
    private readonly clock: ShardClock,
    private readonly options: DeadlineTimerOptions,
    private readonly ring: () => void,
  ) {}

  /** To be called when timers have been added. */
  set(): void {
    const { nextMs } = this.market.timers;
    if (nextMs >= this.dueMs) return;
    this.cancelTask();
    this.dueMs = nextMs;
    const { scheduler, lookEachMs } = this.options;
    const delayMs = Math.min(Math.max(0, nextMs - this.clock.nowMs()), lookEachMs);
    this.cancelTask = scheduler.after(delayMs, () => this.wake());
  }

  cancel(): void {
    this.cancelTask();
  }

  /** A handshake that waits for somebody gets its deadlines: the initiator's first, the responder's later. */
  setDeadlines(atMs: number): void {
    const { timers, deals } = this.market;
    const { initiatorDeadlineMs, responderDeadlineMs } = this.options;
    deals.forEach((deal) => {
      const { initiatorId, responderId, dealNumber, initiatorRow, responderRow } = deal;
      if (initiatorRow !== Index.None && !deal.isInitiatorTimed) {
        deal.isInitiatorTimed = true;
        const dueMs = atMs + initiatorDeadlineMs;
        timers.add({ dueMs, kind: 'initiatorDeadline', intentionId: initiatorId, dealNumber, initiatorId });
      }
      if (responderRow !== Index.None && !deal.isResponderTimed) {
        deal.isResponderTimed = true;
        const dueMs = atMs + responderDeadlineMs;
        timers.add({ dueMs, kind: 'responderDeadline', intentionId: responderId, dealNumber, initiatorId });
      }
    });
    this.set();
  }

  private wake(): void {
    this.dueMs = Number.POSITIVE_INFINITY;
    if (this.market.timers.nextMs <= this.clock.nowMs()) this.ring();
    else this.set();
  }
}
