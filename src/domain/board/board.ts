import { Index } from '../ids.js';
import type { NegotiatorTable } from '../negotiators/negotiator-table.js';
import { PriceLadder } from './price-ladder.js';
import type { PriceLevels } from './price-levels.js';
import { MAX_TICKS, Side } from '../terms.js';

/**
 * Where the intentions of one instrument are announced: each side's price levels, best first, and in each level a queue, oldest
 * first. It is a hint, never an authority: it says whom to ask, and the negotiators decide.
 *
 * 1. Every open, unclosed intention of the instrument stands in exactly one queue.
 * 2. A level's lots are the sum of the open lots of its queue; a level with an empty queue does not exist.
 */
export const MARKET_KEY: number = MAX_TICKS + 1;

/** Prices turned so that on either side the best is the largest, and a market intention comes before every limit. */
export function keyOf(side: number, priceTicks: number): number {
  return side === Side.Buy ? priceTicks : -priceTicks;
}

export function priceOf(side: number, key: number): number {
  return side === Side.Buy ? key : -key;
}

export class BoardSide {
  readonly ladder = new PriceLadder();

  constructor(
    readonly side: number,
    private readonly negotiators: NegotiatorTable,
    /** Of all boards. */
    readonly levels: PriceLevels,
  ) {}

  /** Puts an intention at the end of the queue of its price. */
  add(row: number): void {
    const { negotiators, levels } = this;
    const key = negotiators.isMarket(row) ? MARKET_KEY : keyOf(this.side, negotiators.limitTicks(row));
    let level = this.ladder.find(key);
    if (level === Index.None) level = this.createLevel(key);
    const tail = levels.tail(level);
    negotiators.setLevel(row, level);
    negotiators.setPrevious(row, tail);
    negotiators.setNext(row, Index.None);
    if (tail === Index.None) levels.setHead(level, row);
    else negotiators.setNext(tail, row);
    levels.setTail(level, row);
    levels.change(level, 1, negotiators.openLots(row));
  }

  /** Takes an intention away; `openLots` is what it stood for. */
  remove(row: number, openLots: number): void {
    const { negotiators, levels } = this;
    const level = this.levelOf(row);
    const previous = negotiators.previous(row);
    const next = negotiators.next(row);
    if (previous === Index.None) levels.setHead(level, next);
    else negotiators.setNext(previous, next);
    if (next === Index.None) levels.setTail(level, previous);
    else negotiators.setPrevious(next, previous);
    negotiators.setLevel(row, Index.None);
    levels.change(level, -1, -openLots);
    if (levels.count(level) === 0) this.removeLevel(level);
  }

  /** An intention on it has become smaller by so many lots. */
  shrink(row: number, byLots: number): void {
    this.levels.change(this.levelOf(row), 0, -byLots);
  }

  /** The oldest intention at the best price, or Index.None. */
  best(): number {
    const level = this.ladder.best;
    return level === Index.None ? Index.None : this.levels.head(level);
  }

  /** Key of the best level; undefined when the side is empty. */
  bestKey(): number | undefined {
    const { best, bestKey } = this.ladder;
    return best === Index.None ? undefined : bestKey;
  }

  /** Visits intentions, best price first, oldest first, down to and with a key, until the visitor returns false. */
  visitDownTo(key: number, visitor: (row: number) => boolean): void {
    this.ladder.visit((level, levelKey) => {
      if (levelKey < key) return false;
      for (let row = this.levels.head(level); row !== Index.None; row = this.negotiators.next(row)) {
        if (!visitor(row)) return false;
      }
      return true;
    });
  }

  /** Visits levels, best first: price, lots, number of intentions. Market intentions have no price and are left out. */
  visitLevels(visitor: (priceTicks: number, lots: number, count: number) => boolean): void {
    const { levels } = this;
    this.ladder.visit((level, key) => {
      if (key === MARKET_KEY) return true;
      return visitor(priceOf(this.side, key), levels.lots(level), levels.count(level));
    });
  }

  /** Lots of the market intentions that stand (only in a call phase). */
  marketLots(): number {
    const level = this.ladder.find(MARKET_KEY);
    return level === Index.None ? 0 : this.levels.lots(level);
  }

  private levelOf(row: number): number {
    const level = this.negotiators.level(row);
    if (level === Index.None) throw new Error(`row ${row} stands on no board`);
    return level;
  }

  private createLevel(key: number): number {
    const level = this.levels.create(key);
    this.ladder.insert(key, level);
    return level;
  }

  private removeLevel(level: number): void {
    this.ladder.remove(this.levels.key(level));
    this.levels.free(level);
  }
}

export class Board {
  readonly bids: BoardSide;
  readonly asks: BoardSide;

  constructor(negotiators: NegotiatorTable, levels: PriceLevels) {
    this.bids = new BoardSide(Side.Buy, negotiators, levels);
    this.asks = new BoardSide(Side.Sell, negotiators, levels);
  }

  side(side: number): BoardSide {
    return side === Side.Buy ? this.bids : this.asks;
  }

  opposite(side: number): BoardSide {
    return side === Side.Buy ? this.asks : this.bids;
  }
}
