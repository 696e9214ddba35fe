import { formatPrice, formatQuantity, type Instrument } from '../../src/domain/instrument.js';
import { phaseNames, Side } from '../../src/domain/terms.js';
import { nameOf } from '../directory/views.js';
import type { BookFold } from './book.js';

export interface BookLevel {
  readonly price: string;
  readonly quantity: string;
  readonly intentions: number;
}

/** One instrument's book as people see it. */
export interface BookView {
  readonly instrument: string;
  readonly phase: (typeof phaseNames)[number];
  /** The book stands as of all events before this position. */
  readonly position: number;
  /** Best first. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export function bookView(
  book: Pick<BookFold, 'levels'>,
  instrument: Readonly<Instrument>,
  depth: number,
  position: number,
): BookView {
  const shown = (side: number): BookLevel[] =>
    book.levels(instrument.instrumentId, side, depth).map(({ priceTicks, lots, intentions }) => ({
      price: formatPrice(instrument, priceTicks),
      quantity: formatQuantity(instrument, lots),
      intentions,
    }));
  return {
    instrument: instrument.symbol,
    phase: nameOf(phaseNames, instrument.phase),
    position,
    bids: shown(Side.Buy),
    asks: shown(Side.Sell),
  };
}
