/** Where something is on a shard’s time line: how many deals in each of its stretches, its restarts and auctions, and the deals next to a moment. */
import type { DirectoryFold } from '../../directory/directory.js';
import type { SqlDatabase } from '../database/database.js';
import { DealRows } from '../rows/deal-rows.js';
import { counted, InvalidQueryError } from './query-terms.js';
import {
  type AuctionMark,
  auctionMark,
  dealsInStretches,
  marksOf,
  type RestartMark,
  restartMark,
  type TimelineMark,
} from './timeline-marks.js';

const MAX_BUCKETS = 1_000;

/** Which stretch of the log, from one position up to, not including, another: all of it unless said otherwise. */
export interface TimelineQuery {
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  /** Into how many equal stretches it is divided: 1 to 1,000. */
  readonly buckets: number;
}

export interface TimelineView {
  readonly from: number;
  readonly until: number;
  /** How many deals were decided in each stretch, which begins at `from + ⌊i × (until − from) / buckets⌋`. */
  readonly deals: readonly number[];
  /** In the order of the log. Where there are too many, as many of them, evenly. */
  readonly marks: readonly TimelineMark[];
  /** How many more there are, if any. */
  readonly marksLeftOut?: number;
}

/** The deals next to a moment, each as the moment right after its decision. */
export interface DealsAround {
  /** Of the last deal whose moment is earlier. */
  readonly previousDeal?: number;
  /** Of the first deal that is decided then or later. */
  readonly nextDeal?: number;
}

/** The log does not reach so far. */
class PositionAheadError extends Error {
  readonly code = 'POSITION_AHEAD';
}

/** However long the log is, each takes a look at a row or two for each number and mark in its answer: rows count what stands before them. */
export class TimelineQueries {
  private readonly deals: DealRows;

  constructor(
    private readonly database: SqlDatabase,
    private readonly directory: DirectoryFold,
  ) {
    this.deals = new DealRows(database);
  }

  /** A stretch that ends before it begins is empty. Throws an error POSITION_AHEAD for one that goes beyond the checkpoint. */
  timeline(query: TimelineQuery): TimelineView {
    const { position, dealsConfirmed } = this.head();
    const from = counted('from', query.from ?? 0);
    const until = Math.max(from, counted('until', query.until ?? position));
    if (until > position) throw new PositionAheadError(`position ${until} lies beyond the log’s head, ${position}`);
    const stretches = { from, until, buckets: bucketed(query.buckets) };
    const deals = dealsInStretches(stretches, (edge) => this.dealsBefore(edge, dealsConfirmed));
    return { from, until, deals, ...this.marksIn(from, until) };
  }

  /** `head`: no deal is told of from this position on. */
  dealsAround(position: number, head: number): DealsAround {
    const [next] = this.deals.between({ after: position - 1, before: head });
    const [previous] = this.deals.between({ after: -1, before: position - 1, descending: true });
    return {
      ...(previous !== undefined && { previousDeal: Number(previous[0]) + 1 }),
      ...(next !== undefined && { nextDeal: Number(next[0]) + 1 }),
    };
  }

  private head(): { readonly position: number; readonly dealsConfirmed: number } {
    const [position = 0, dealsConfirmed = 0] =
      this.database.row('SELECT position, deals_confirmed FROM checkpoint')?.map(Number) ?? [];
    return { position, dealsConfirmed };
  }

  private dealsBefore(position: number, dealsConfirmed: number): number {
    return this.deals.countBefore(position) ?? dealsConfirmed;
  }

  private marksIn(from: number, until: number): Pick<TimelineView, 'marks' | 'marksLeftOut'> {
    return marksOf(
      { ...this.rangeOf('restarts', from, until), at: (number) => this.restartMark(number) },
      { ...this.rangeOf('auctions', from, until), at: (number) => this.auctionMark(number) },
    );
  }

  private rangeOf(table: MarkTable, from: number, until: number): { readonly first: number; readonly count: number } {
    const numberFrom = (position: number): number => {
      const sql = `SELECT number FROM ${table} WHERE position >= ? ORDER BY position LIMIT 1`;
      const row = this.database.row(sql, [position]) ?? this.database.row(`SELECT max(number) + 1 FROM ${table}`);
      return Number(row?.[0] ?? 0);
    };
    const first = numberFrom(from);
    return { first, count: numberFrom(until) - first };
  }

  private restartMark(number: number): RestartMark {
    const [, position = 0, atMs = 0, epoch = 0] = this.markRow('restarts', number);
    return restartMark({ position, atMs, epoch });
  }

  private auctionMark(number: number): AuctionMark {
    const [, position = 0, atMs = 0, instrumentId = 0, priceTicks = 0, volumeLots = 0, deals = 0] = this.markRow(
      'auctions',
      number,
    );
    return auctionMark(this.directory, { position, atMs, instrumentId, priceTicks, volumeLots, deals });
  }

  private markRow(table: MarkTable, number: number): readonly number[] {
    return (this.database.row(`SELECT * FROM ${table} WHERE number = ?`, [number]) ?? []).map(Number);
  }
}

type MarkTable = 'restarts' | 'auctions';

function bucketed(buckets: number): number {
  if (counted('buckets', buckets, 1) <= MAX_BUCKETS) return buckets;
  throw new InvalidQueryError(`buckets: ${MAX_BUCKETS} at most`);
}
