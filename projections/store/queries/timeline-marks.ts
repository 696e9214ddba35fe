/** What a time line is made of, wherever its rows are kept: deals counted by stretches, and as many marks as can be shown. */
import { formatPrice, formatQuantity } from '../../../src/domain/instrument.js';
import type { DirectoryFold } from '../../directory/directory.js';
import { shownInstrument, timeText } from '../../directory/views.js';

/** No time line shows more marks. */
export const MAX_MARKS = 500;
/** So many of them are restarts, where there are more of both: they are rarer, and matter more. */
const MAX_RESTARTS = 250;

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

/** A stretch of the log in equal parts. */
export interface Stretches {
  readonly from: number;
  readonly until: number;
  readonly buckets: number;
}

/** How many deals were decided in each part, which begins at `from + ⌊i × (until − from) / buckets⌋`. */
export function dealsInStretches(
  { from, until, buckets }: Stretches,
  dealsBefore: (position: number) => number,
): readonly number[] {
  let before = dealsBefore(from);
  let edge = from;
  return Array.from({ length: buckets }, (_, bucket) => {
    const end = from + Math.floor(((bucket + 1) * (until - from)) / buckets);
    if (end === edge) return 0;
    edge = end;
    const started = before;
    before = dealsBefore(end);
    return before - started;
  });
}

/** One kind of marks in a stretch, which are numbered in the order of the log. */
export interface MarkRange<Mark> {
  readonly first: number;
  readonly count: number;
  readonly at: (number: number) => Mark;
}

/** In the order of the log. Where there are too many, as many of each kind as there is room for, evenly. */
export function marksOf(
  restarts: MarkRange<RestartMark>,
  auctions: MarkRange<AuctionMark>,
): { readonly marks: readonly TimelineMark[]; readonly marksLeftOut?: number } {
  const shown = evenly(restarts, Math.max(MAX_RESTARTS, MAX_MARKS - auctions.count));
  const marks: TimelineMark[] = [...shown, ...evenly(auctions, MAX_MARKS - shown.length)];
  marks.sort((one, other) => one.position - other.position);
  const leftOut = restarts.count + auctions.count - marks.length;
  return { marks, ...(leftOut > 0 && { marksLeftOut: leftOut }) };
}

/** All, or as many of them, evenly, the last one among them. */
function evenly<Mark>({ first, count, at }: MarkRange<Mark>, most: number): readonly Mark[] {
  const shown = Math.min(count, most);
  return Array.from({ length: shown }, (_, index) => at(first + Math.floor(((index + 1) * count) / shown) - 1));
}

export function restartMark({
  position,
  atMs,
  epoch,
}: Readonly<Record<'position' | 'atMs' | 'epoch', number>>): RestartMark {
  return { position, at: timeText(atMs), kind: 'restart', epoch };
}

type Auction = Readonly<Record<'position' | 'atMs' | 'instrumentId' | 'priceTicks' | 'volumeLots' | 'deals', number>>;

export function auctionMark(directory: DirectoryFold, auction: Auction): AuctionMark {
  const { position, atMs, instrumentId, priceTicks, volumeLots, deals } = auction;
  const instrument = shownInstrument(directory, instrumentId);
  return {
    ...{ position, at: timeText(atMs), kind: 'auction', instrument: instrument.symbol },
    ...(volumeLots > 0 && { price: formatPrice(instrument, priceTicks) }),
    ...{ volume: formatQuantity(instrument, volumeLots), deals },
  };
}
