import { nodeScheduler } from '../exchange/shard/scheduler.js';
import type { ShardOptions } from '../exchange/shard/shard-options.js';

/** When a flow begins that is played into an empty log: 2000-01-01T00:00:00Z. */
const FIRST_MS = Date.UTC(2000, 0, 1);

/**
 * The time of a recorded flow. A flow has no times of its own, and with the system's clock the same flow would make a different log each
 * time: so it begins at a fixed date, or where the log that the flow is played into stands, and each command comes one millisecond after the previous.
 */
export class FlowClock {
  private atMs = FIRST_MS;

  /** Milliseconds since 1970. */
  readonly now = (): number => this.atMs;

  /** Goes on from here, if that is later. */
  startAt(atMs: number): void {
    this.atMs = Math.max(this.atMs, atMs);
  }

  /** To be called before each command. */
  advance(): void {
    this.atMs++;
  }
}

/**
 * What makes a shard's log a function of the commands it is given. Timers fire between two commands, once the flow's time has reached
 * them, and never by themselves. It goes on from the log's time, however far that has come.
 */
export function reproducible(
  clock: FlowClock,
): Pick<ShardOptions, 'clock' | 'scheduler' | 'commit' | 'maxClockAheadMs'> {
  const scheduler = { ...nodeScheduler, after: () => () => undefined };
  return { clock: clock.now, scheduler, commit: 'asked', maxClockAheadMs: Number.POSITIVE_INFINITY };
}
