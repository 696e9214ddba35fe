import type { RecordedEvent } from '../../../client/types.js';
import type { Verdict } from '../telling/filter.js';

/** An event that the log shows; `isUnsure`: whether the filter does is not known yet. */
export interface LogRow {
  readonly event: RecordedEvent;
  readonly isUnsure: boolean;
}

export type Judge = (event: RecordedEvent) => Verdict;

/**
 * A stretch of the log in memory, of the events that pass the filter.
 *
 * 1. Every event of `from … to` was judged; those that were not left out are the rows, in the order of the log.
 * 2. There are never more rows than `mostRows`: what is added at one end drops what is furthest from it, and the stretch gets shorter.
 */
export class LogWindow {
  private held: LogRow[] = [];
  private start: number;
  private end: number;
  /** How many rows were added at the end since it was made or reset. */
  appended = 0;

  constructor(
    at: number,
    private readonly mostRows = 5_000,
  ) {
    this.start = at;
    this.end = at;
  }

  get rows(): readonly LogRow[] {
    return this.held;
  }

  /** Position of the first event that was judged. */
  get from(): number {
    return this.start;
  }

  /** Position after the last. */
  get to(): number {
    return this.end;
  }

  /** Takes the events from `to` on, in order, up to `upTo`. Those before are known already, and are passed over. */
  append(events: readonly RecordedEvent[], upTo: number, judge: Judge): void {
    for (const event of events) {
      if (event.position < this.end) continue;
      const verdict = judge(event);
      if (verdict === 'no') continue;
      this.held.push({ event, isUnsure: verdict === 'unknown' });
      this.appended++;
    }
    this.end = Math.max(this.end, upTo);
    const surplus = this.held.length - this.mostRows;
    if (surplus <= 0) return;
    this.start = (this.held[surplus - 1]?.event.position ?? this.start) + 1;
    this.held = this.held.slice(surplus);
  }

  /** Takes the events of `from … this.from`, in order; what does not stand there is passed over. Returns how many rows there are more before the others. */
  prepend(events: readonly RecordedEvent[], from: number, judge: Judge): number {
    const earlier: LogRow[] = [];
    for (const event of events) {
      if (event.position < from || event.position >= this.start) continue;
      const verdict = judge(event);
      if (verdict !== 'no') earlier.push({ event, isUnsure: verdict === 'unknown' });
    }
    this.start = Math.min(this.start, from);
    this.held = [...earlier, ...this.held];
    if (this.held.length > this.mostRows) {
      this.end = this.held[this.mostRows]?.event.position ?? this.end;
      this.held = this.held.slice(0, this.mostRows);
    }
    return earlier.length;
  }

  /** Joins what follows: all rows of a window that begins where this one ends, or later, which leaves nothing of this one. */
  follow(later: LogWindow): void {
    if (later.from > this.end) {
      this.start = later.from;
      this.held = [];
    }
    const from = this.end;
    const rows = later.rows.filter(({ event }) => event.position >= from || later.from > from);
    this.held = [...this.held, ...rows];
    this.end = later.to;
    const surplus = this.held.length - this.mostRows;
    if (surplus <= 0) return;
    this.start = (this.held[surplus - 1]?.event.position ?? this.start) + 1;
    this.held = this.held.slice(surplus);
  }

  /** Judges those again of which it was not known. */
  judgeAgain(judge: Judge): void {
    if (!this.held.some(({ isUnsure }) => isUnsure)) return;
    const rows: LogRow[] = [];
    for (const row of this.held) {
      const verdict = row.isUnsure ? judge(row.event) : 'yes';
      if (verdict !== 'no') rows.push(verdict === 'yes' && row.isUnsure ? { ...row, isUnsure: false } : row);
    }
    this.held = rows;
  }

  /** Empties it; what comes next stands at `at`. */
  reset(at: number): void {
    this.held = [];
    this.start = at;
    this.end = at;
    this.appended = 0;
  }
}
