import type { BookLevel, Phase, Side } from '../../../client/types.js';
import { shareOf, unitsOf, unitsText } from '../../parts/units.js';
import { compareDecimals, minus } from '../../parts/exact.js';

/** A price of the ladder, and what stands there. */
export interface LadderRow {
  readonly price: string;
  readonly quantity: string;
  readonly intentions: number;
  /** All that stands at this price or better. */
  readonly total: string;
  /** What part of the largest shown level it is, 0 to 1 in steps of a hundredth: a smaller change is not seen. */
  readonly share: number;
  /** One’s own part of it. */
  readonly own: string | undefined;
}

/** What a ladder shows of a book; best first. */
export interface Ladder {
  readonly phase: Phase;
  /** Holds all events before this log position. */
  readonly position: number;
  readonly bids: readonly LadderRow[];
  readonly asks: readonly LadderRow[];
  /** Levels beyond those that are shown. */
  readonly moreBids: number;
  readonly moreAsks: number;
  /** Best ask less best bid. */
  readonly spread: string | undefined;
  /** Best bid and best ask would deal: in a call phase they may stand so. */
  readonly isCrossed: boolean;
}

/** What is read of a book. */
export interface BookState {
  readonly phase: Phase;
  readonly position: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

/** How many levels a side are shown, and what of them is one’s own: quantities by `buy 10.25`. */
export interface LadderOptions {
  readonly levels: number;
  readonly own: ReadonlyMap<string, string>;
}

const HUNDREDTHS = 100;

/** The ladder of a book; a row that is as it was before is the same object, so that it need not be drawn again. */
export function ladderOf(book: BookState, { levels, own }: LadderOptions, before?: Ladder): Ladder {
  const bids = book.bids.slice(0, levels);
  const asks = book.asks.slice(0, levels);
  const largest = [...bids, ...asks].reduce((most, { quantity }) => {
    const { units } = unitsOf(quantity);
    return units > most ? units : most;
  }, 0n);
  const bid = bids[0]?.price;
  const ask = asks[0]?.price;
  return {
    phase: book.phase,
    position: book.position,
    bids: rowsOf(bids, { side: 'buy', largest, own, before: before?.bids ?? [] }),
    asks: rowsOf(asks, { side: 'sell', largest, own, before: before?.asks ?? [] }),
    moreBids: book.bids.length - bids.length,
    moreAsks: book.asks.length - asks.length,
    spread: bid === undefined || ask === undefined ? undefined : minus(ask, bid),
    isCrossed: bid !== undefined && ask !== undefined && compareDecimals(bid, ask) >= 0,
  };
}

interface SideOptions {
  readonly side: Side;
  readonly largest: bigint;
  readonly own: ReadonlyMap<string, string>;
  readonly before: readonly LadderRow[];
}

function rowsOf(levels: readonly BookLevel[], { side, largest, own, before }: SideOptions): readonly LadderRow[] {
  const known = new Map(before.map((row) => [row.price, row]));
  let sum = 0n;
  return levels.map(({ price, quantity, intentions }) => {
    const { units, decimals } = unitsOf(quantity);
    sum += units;
    const row = {
      ...{ price, quantity, intentions },
      total: unitsText({ units: sum, decimals }),
      share: Math.ceil(shareOf(units, largest) * HUNDREDTHS) / HUNDREDTHS,
      own: own.get(`${side} ${price}`),
    };
    const old = known.get(price);
    return old !== undefined && isSame(old, row) ? old : row;
  });
}

function isSame(one: LadderRow, other: LadderRow): boolean {
  return (
    one.quantity === other.quantity &&
    one.intentions === other.intentions &&
    one.total === other.total &&
    one.share === other.share &&
    one.own === other.own
  );
}
