import { fire } from '../../domain/negotiators/due-timers.js';
import type { Turns } from '../../domain/turns.js';
import type { ShardLog } from '../../log/port.js';
import type { Admission } from './admission.js';
import { DeadlineTimer } from './deadline-timer.js';
import type { ShardClock } from './shard-clock.js';
import type { ShardOptions } from './shard-options.js';
import { Supervisor } from './supervisor.js';

export interface SupervisedTurnsOptions {
  readonly turns: Turns;
  readonly admission: Admission;
  readonly clock: ShardClock;
  /** Where the streams of negotiators that are rebuilt are read. */
  readonly log: ShardLog;
  readonly options: ShardOptions;
  /** Runs a task once all that has been recorded so far is durable. */
  readonly whenDurable: (task: () => void) => void;
  /** Closes the open batch at the end of this round of the event loop. */
  readonly commitSoon: () => void;
  /** The shard cannot go on. */
  readonly stop: (reason: string, cause: unknown) => void;
}

/**
 * Runs turns under supervision, those of a command and those of what falls due.
 *
 * 1. A negotiator that throws is rebuilt or parked; nothing else runs meanwhile, and the turns go on after that.
 * 2. What throws and belongs to no negotiator stops the shard.
 */
export class SupervisedTurns {
  readonly supervisor: Supervisor;
  private readonly deadlineTimer: DeadlineTimer;

  constructor(private readonly parts: SupervisedTurnsOptions) {
    const { turns, log, clock, options } = parts;
    this.supervisor = new Supervisor(turns, log, options);
    this.deadlineTimer = new DeadlineTimer(turns.market, clock, options, () => this.onDeadline());
  }

  /** Runs turns until they are idle, or until a negotiator has to be rebuilt. */
  run(): void {
    const { turns, clock } = this.parts;
    try {
      turns.run();
    } catch (error) {
      this.onFault(turns.receiverId, error);
    }
    if (turns.market.deals.size > 0) this.deadlineTimer.setDeadlines(clock.nowMs());
  }

  /** Does what has fallen due, in order, until a negotiator has to be rebuilt. */
  runDue(atMs: number): void {
    const { turns, admission } = this.parts;
    const { timers } = turns.market;
    for (let timer = timers.takeDue(atMs); timer !== undefined; timer = timers.takeDue(atMs)) {
      fire(turns, timer, atMs);
      this.run();
      if (admission.isPaused) return;
    }
  }

  /** To be called when timers have been added. */
  setTimer(): void {
    this.deadlineTimer.set();
  }

  cancelTimer(): void {
    this.deadlineTimer.cancel();
  }

  private onFault(intentionId: number, error: unknown): void {
    const { admission, clock, stop } = this.parts;
    if (intentionId === 0) {
      stop('a turn failed that belongs to no negotiator', error);
      throw error;
    }
    admission.isPaused = true;
    this.supervisor
      .restart(intentionId, error, clock.nowMs(), () => this.flushed())
      .then(() => {
        admission.isPaused = false;
        this.run();
        this.goOn();
      })
      .catch((failure: unknown) => stop(`negotiator ${intentionId} could not be rebuilt`, failure));
  }

  /** After turns that ran outside a command. */
  private goOn(): void {
    this.parts.commitSoon();
    this.parts.admission.goOn();
  }

  private flushed(): Promise<void> {
    return new Promise((resolve) => this.parts.whenDurable(resolve));
  }

  private onDeadline(): void {
    const { admission, clock, stop } = this.parts;
    if (admission.isStopped) return;
    try {
      if (!admission.isPaused) this.runDue(clock.nowMs());
      this.goOn();
      this.deadlineTimer.set();
    } catch (error) {
      stop('what fell due failed, and belongs to no negotiator', error);
    }
  }
}
