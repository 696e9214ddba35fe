/**
 * Those who are told of one book at one rate: what they have been told of it, and what has changed since. Owns the levels that have.
 *
 * 1. What is told is a snapshot, or what has changed since the message before, whose position is `from`: all in the group stand alike.
 * 2. A level that is as it was told is not told again, whatever it was in between.
 * 3. Nothing is told in the middle of a batch, where an intention may stand that has still to deal.
 */
import { formatPrice, formatQuantity, type Instrument } from '../../src/domain/instrument.js';
import { phaseNames, Side } from '../../src/domain/terms.js';
import type { PriceLevel } from '../book/book.js';
import { bookChecksum, CHECKSUM_LEVELS } from '../book/checksum.js';
import type { BookLevel } from '../book/views.js';
import { nameOf } from '../directory/views.js';
import type { BookDiff, BookSnapshot } from './messages.js';
import type { Standing, StreamedBook } from './streamed-book.js';

const GONE: Standing = { lots: 0, intentions: 0 };

type Changed = Map<number, Standing>;

export class BookGroup {
  /** The levels that may have changed, as they were told. */
  private readonly bids: Changed = new Map();
  private readonly asks: Changed = new Map();
  private toldPhase: number;
  private isTouched = false;

  /** `told`: where it stands, as if it had been told all before that. `onTouched`: there may be something to tell, for the first time since. */
  constructor(
    readonly book: StreamedBook,
    phase: number,
    private told: number,
    private readonly onTouched: () => void,
  ) {
    this.toldPhase = phase;
    book.groups.add(this);
  }

  /** A level is about to change. */
  changing(side: number, priceTicks: number, before: Standing = GONE): void {
    const changed = side === Side.Buy ? this.bids : this.asks;
    if (!changed.has(priceTicks)) changed.set(priceTicks, before);
    this.touch();
  }

  touch(): void {
    if (this.isTouched) return;
    this.isTouched = true;
    this.onTouched();
  }

  /** What has changed since the message before, and is told now; undefined where nothing has. */
  diff(instrument: Readonly<Instrument>, position: number): BookDiff | undefined {
    this.isTouched = false;
    const bids = this.take(Side.Buy, instrument);
    const asks = this.take(Side.Sell, instrument);
    const hasPhase = instrument.phase !== this.toldPhase;
    if (bids.length + asks.length === 0 && !hasPhase) return undefined;
    const from = this.told;
    this.told = position;
    this.toldPhase = instrument.phase;
    return {
      channel: 'book',
      ...{ type: 'diff', position, instrument: instrument.symbol, from },
      ...(hasPhase && { phase: nameOf(phaseNames, instrument.phase) }),
      ...{ bids, asks, checksum: this.checksum(instrument) },
    };
  }

  /** The book as the group has been told of it. Only when nothing has changed since. */
  snapshot(instrument: Readonly<Instrument>): BookSnapshot {
    return {
      channel: 'book',
      ...{ type: 'snapshot', position: this.told, instrument: instrument.symbol },
      phase: nameOf(phaseNames, instrument.phase),
      bids: shown(this.book.bids.best(), instrument),
      asks: shown(this.book.asks.best(), instrument),
      checksum: this.checksum(instrument),
    };
  }

  end(): void {
    this.book.groups.delete(this);
  }

  private take(side: number, instrument: Readonly<Instrument>): BookLevel[] {
    const changed = side === Side.Buy ? this.bids : this.asks;
    if (changed.size === 0) return [];
    const levels = this.book.side(side);
    const news: PriceLevel[] = [];
    for (const [priceTicks, told] of changed) {
      const { lots, intentions } = levels.at(priceTicks) ?? GONE;
      if (lots !== told.lots || intentions !== told.intentions) news.push({ priceTicks, lots, intentions });
    }
    changed.clear();
    return shown(news, instrument);
  }

  private checksum(instrument: Readonly<Instrument>): number {
    const { bids, asks } = this.book;
    return bookChecksum({
      bids: shown(bids.best(CHECKSUM_LEVELS), instrument),
      asks: shown(asks.best(CHECKSUM_LEVELS), instrument),
    });
  }
}

function shown(levels: Iterable<PriceLevel>, instrument: Readonly<Instrument>): BookLevel[] {
  return Array.from(levels, ({ priceTicks, lots, intentions }) => ({
    price: formatPrice(instrument, priceTicks),
    // What is gone is 0, whatever the decimals.
    quantity: lots === 0 ? '0' : formatQuantity(instrument, lots),
    intentions,
  }));
}
