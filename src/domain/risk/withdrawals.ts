import { Index } from '../ids.js';
import type { Recorder } from '../recorder.js';
import { intentionsOwed, type Owed } from './owed-withdrawals.js';

/** How many are withdrawn in one go; commands may come between it and the next. */
export const WITHDRAWN_AT_ONCE = 1_000;

interface UnderWay {
  readonly ids: readonly number[];
  readonly reason: number;
  next: number;
}

/**
 * Withdraws what a lapsed switch or a halt asks for, so many at a time.
 *
 * 1. What was owed and not carried out is found in the log's state alone: after a crash it is simply begun again.
 * 2. A timer brings the rest, so nobody waits for more than one part of it.
 */
export class Withdrawals {
  private readonly queue: UnderWay[] = [];

  constructor(private readonly recorder: Recorder) {}

  /** Begins at once with what is meant. */
  begin(owed: Owed, atMs: number): void {
    const ids = intentionsOwed(this.recorder.market.negotiators, owed);
    if (ids.length === 0) return;
    this.queue.push({ ids, reason: owed.reason, next: 0 });
    if (this.queue.length === 1) this.goOn(atMs);
  }

  /** After a replay: whatever the log owes. */
  resume(atMs: number): void {
    this.queue.length = 0;
    for (const owed of this.recorder.market.owed.all()) this.begin(owed, atMs);
  }

  /** The next part of it. */
  goOn(atMs: number): void {
    const { recorder, queue } = this;
    const { negotiators, timers } = recorder.market;
    let left = WITHDRAWN_AT_ONCE;
    for (let first = queue[0]; first !== undefined && left > 0; first = queue[0]) {
      const { ids, reason } = first;
      for (; first.next < ids.length && left > 0; first.next++) {
        const row = negotiators.rowOf(ids[first.next] as number); // below the length
        if (row === Index.None || negotiators.isClosing(row)) continue;
        recorder.intentionWithdrawn(row, reason, atMs);
        left--;
      }
      if (first.next < ids.length) break;
      queue.shift();
    }
    if (queue.length === 0) return;
    const nobody = { intentionId: 0, dealNumber: 0, initiatorId: 0 };
    timers.add({ dueMs: atMs + 1, kind: 'withdrawals', ...nobody });
  }
}
