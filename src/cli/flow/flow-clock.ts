import { nodeScheduler } from '../../exchange/scheduler.js';
import type { ShardOptions } from '../../exchange/shard-options.js';

/** What a flow that is played into an empty log begins at: 2000-01-01T00:00:00Z. */
const FIRST_MS = Date.UTC(2000, 0, 1);

/**
 * The time of a recorded flow. Flows name no times, and the wall's would make every log of the same flow another one: so it begins at a
 * fixed date, or where the log that the flow is played into stands, and every command comes one millisecond after the one before.
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
 * What makes a shard's log a function of the commands it is given. What falls due does so between two commands, once the flow's time has
 * come to it, and never by itself. It goes on from the log's time, however far that has come.
 */
export function reproducible(
  clock: FlowClock,
): Pick<ShardOptions, 'clock' | 'scheduler' | 'commit' | 'maxClockAheadMs'> {
  const scheduler = { ...nodeScheduler, after: () => () => undefined };
  return { clock: clock.now, scheduler, commit: 'asked', maxClockAheadMs: Number.POSITIVE_INFINITY };
}
