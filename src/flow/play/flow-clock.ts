import { nodeScheduler, type Scheduler } from '../../exchange/shard/scheduler.js';
import type { ShardOptions } from '../../exchange/shard/shard-options.js';

/** When a flow begins that is played into an empty log: 2000-01-01T00:00:00Z. */
const FIRST_MS = Date.UTC(2000, 0, 1);

interface Alarm {
  readonly dueMs: number;
  readonly task: () => void;
}

/**
 * The time of a recorded flow. With the system's clock the same flow would make a different log each time: so it begins at a fixed date, or
 * where the log that the flow is played into stands, and each command comes one millisecond after the previous, or when the flow says.
 *
 * 1. It passes only where it is let pass, and then from one thing that falls due to the next, each at its own time.
 */
export class FlowClock {
  private atMs = FIRST_MS;
  private readonly alarms = new Set<Alarm>();

  /** Milliseconds since 1970. */
  readonly now = (): number => this.atMs;

  /** Tasks that wait for this time to pass. One that is overdue waits for the next millisecond. */
  readonly scheduler: Scheduler = {
    soon: (task) => nodeScheduler.soon(task),
    after: (delayMs, task) => {
      const alarm = { dueMs: this.atMs + Math.max(1, delayMs), task };
      this.alarms.add(alarm);
      return () => void this.alarms.delete(alarm);
    },
  };

  /** Goes on from here, if that is later. */
  startAt(atMs: number): void {
    this.atMs = Math.max(this.atMs, atMs);
  }

  /** To be called before each command. */
  advance(): void {
    this.passTo(this.atMs + 1);
  }

  /** Lets time pass until then, and what falls due meanwhile happen. */
  passTo(atMs: number): void {
    for (let next = this.nextDue(atMs); next !== undefined; next = this.nextDue(atMs)) {
      this.alarms.delete(next);
      this.startAt(next.dueMs);
      next.task();
    }
    this.startAt(atMs);
  }

  private nextDue(atMs: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.alarms) {
      if (alarm.dueMs <= atMs && alarm.dueMs < (first?.dueMs ?? Number.POSITIVE_INFINITY)) first = alarm;
    }
    return first;
  }
}

/**
 * What makes a shard's log a function of the commands it is given. Timers fire when the flow's time has reached them, and never by
 * themselves. It goes on from the log's time, however far that has come.
 */
export function reproducible(
  clock: FlowClock,
): Pick<ShardOptions, 'clock' | 'scheduler' | 'commit' | 'maxClockAheadMs'> {
  const { now, scheduler } = clock;
  return { clock: now, scheduler, commit: 'asked', maxClockAheadMs: Number.POSITIVE_INFINITY };
}
