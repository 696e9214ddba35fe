/** Where something is on a shard’s time line: how many deals in each of its stretches, its restarts and auctions, and the deals next to a moment. */
import { formatPrice, formatQuantity } from '../../../src/domain/instrument.js';
import type { DirectoryFold } from '../../directory/directory.js';
import { shownInstrument, timeText } from '../../directory/views.js';
import type { Row, SqlDatabase } from '../database/database.js';
import { counted, InvalidQueryError } from './query-terms.js';

/** No time line shows more marks. */
export const MAX_MARKS = 500;
/** So many of them are restarts, where there are more of both: they are rarer, and matter more. */
const MAX_RESTARTS = 250;
const MAX_BUCKETS = 1_000;

/** Which stretch of the log, from one position up to, not including, another: all of it unless said otherwise. */
export interface TimelineQuery {
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  /** Into how many equal stretches it is divided: 1 to 1,000. */
  readonly buckets: number;
}

/** A writer began. */
export interface RestartMark {
  readonly position: number;
  readonly at: string;
  readonly kind: 'restart';
  /** The writer’s: 1 for the log’s first. */
  readonly epoch: number;
}

export interface AuctionMark {
  readonly position: number;
  readonly at: string;
  readonly kind: 'auction';
  readonly instrument: string;
  /** Absent where nothing could be dealt. */
  readonly price?: string;
  readonly volume: string;
  /** How many there were. */
  readonly deals: number;
}

export type TimelineMark = RestartMark | AuctionMark;

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

interface Stretches {
  readonly from: number;
  readonly until: number;
  readonly buckets: number;
}

/** Rows of one kind of marks that a stretch holds, by their numbers. */
interface MarkRange {
  readonly table: 'restarts' | 'auctions';
  readonly first: number;
  readonly count: number;
}

/** However long the log is, each takes a look at a row or two for each number and mark in its answer: rows count what stands before them. */
export class TimelineQueries {
  constructor(
    private readonly database: SqlDatabase,
    private readonly directory: DirectoryFold,
  ) {}

  /** A stretch that ends before it begins is empty. Throws an error POSITION_AHEAD for one that goes beyond the checkpoint. */
  timeline(query: TimelineQuery): TimelineView {
    const { position, dealsConfirmed } = this.head();
    const from = counted('from', query.from ?? 0);
    const until = Math.max(from, counted('until', query.until ?? position));
    if (until > position) throw new PositionAheadError(`position ${until} lies beyond the log’s head, ${position}`);
    const deals = this.dealsIn({ from, until, buckets: bucketed(query.buckets) }, dealsConfirmed);
    return { from, until, deals, ...this.marksIn(from, until) };
  }

  /** `head`: no deal is told of from this position on. */
  dealsAround(position: number, head: number): DealsAround {
    const next = this.database.row(
      'SELECT position FROM deals WHERE position >= ? AND position < ? ORDER BY position LIMIT 1',
      [position, head],
    );
    const previous = this.database.row('SELECT position FROM deals WHERE position < ? ORDER BY position DESC LIMIT 1', [
      position - 1,
    ]);
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

  private dealsIn({ from, until, buckets }: Stretches, dealsConfirmed: number): number[] {
    let before = this.dealsBefore(from, dealsConfirmed);
    let edge = from;
    return Array.from({ length: buckets }, (_, bucket) => {
      const end = from + Math.floor(((bucket + 1) * (until - from)) / buckets);
      if (end === edge) return 0;
      edge = end;
      const started = before;
      before = this.dealsBefore(end, dealsConfirmed);
      return before - started;
    });
  }

  private dealsBefore(position: number, dealsConfirmed: number): number {
    const row = this.database.row('SELECT deals_before FROM deals WHERE position >= ? ORDER BY position LIMIT 1', [
      position,
    ]);
    return row === undefined ? dealsConfirmed : Number(row[0]);
  }

  private marksIn(from: number, until: number): Pick<TimelineView, 'marks' | 'marksLeftOut'> {
    const restarts = this.rangeOf('restarts', from, until);
    const auctions = this.rangeOf('auctions', from, until);
    const mostRestarts = Math.max(MAX_RESTARTS, MAX_MARKS - auctions.count);
    const shown = this.rowsOf(restarts, mostRestarts).map(restartMark);
    const marks: TimelineMark[] = [
      ...shown,
      ...this.rowsOf(auctions, MAX_MARKS - shown.length).map((row) => this.auctionMark(row)),
    ].sort((one, other) => one.position - other.position);
    const leftOut = restarts.count + auctions.count - marks.length;
    return { marks, ...(leftOut > 0 && { marksLeftOut: leftOut }) };
  }

  private rangeOf(table: MarkRange['table'], from: number, until: number): MarkRange {
    const numberFrom = (position: number): number => {
      const sql = `SELECT number FROM ${table} WHERE position >= ? ORDER BY position LIMIT 1`;
      const row = this.database.row(sql, [position]) ?? this.database.row(`SELECT max(number) + 1 FROM ${table}`);
      return Number(row?.[0] ?? 0);
    };
    const first = numberFrom(from);
    return { table, first, count: numberFrom(until) - first };
  }

  /** All, or as many of them, evenly, the last one among them. */
  private rowsOf({ table, first, count }: MarkRange, most: number): readonly Row[] {
    const shown = Math.min(count, most);
    return Array.from({ length: shown }, (_, index) => {
      const number = first + Math.floor(((index + 1) * count) / shown) - 1;
      return this.database.row(`SELECT * FROM ${table} WHERE number = ?`, [number]) ?? [];
    });
  }

  private auctionMark(row: Row): AuctionMark {
    const [, position = 0, atMs = 0, instrumentId = 0, priceTicks = 0, volumeLots = 0, deals = 0] = row.map(Number);
    const instrument = shownInstrument(this.directory, instrumentId);
    return {
      ...{ position, at: timeText(atMs), kind: 'auction', instrument: instrument.symbol },
      ...(volumeLots > 0 && { price: formatPrice(instrument, priceTicks) }),
      ...{ volume: formatQuantity(instrument, volumeLots), deals },
    };
  }
}

function restartMark(row: Row): RestartMark {
  const [, position = 0, atMs = 0, epoch = 0] = row.map(Number);
  return { position, at: timeText(atMs), kind: 'restart', epoch };
}

function bucketed(buckets: number): number {
  if (counted('buckets', buckets, 1) <= MAX_BUCKETS) return buckets;
  throw new InvalidQueryError(`buckets: ${MAX_BUCKETS} at most`);
}
