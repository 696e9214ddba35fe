import { Index } from '../ids.js';
import type { NegotiatorTable } from '../negotiators/negotiator-table.js';
import { PriceLadder } from './price-ladder.js';
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

/** One price: the ends of its queue and what stands in it. */
class Level {
  key = 0;
  head: number = Index.None;
  tail: number = Index.None;
  lots = 0;
  count = 0;
}

export class BoardSide {
  readonly ladder = new PriceLadder();
  private readonly levels: Level[] = [];
  private readonly unused: number[] = [];

  constructor(
    readonly side: number,
    private readonly negotiators: NegotiatorTable,
  ) {}

  level(index: number): Level {
    const level = this.levels[index];
    if (level === undefined) throw new Error(`no price level has the number ${index}`);
    return level;
  }

  /** Puts an intention at the end of the queue of its price. */
  add(row: number): void {
    const { negotiators } = this;
    const key = negotiators.isMarket(row) ? MARKET_KEY : keyOf(this.side, negotiators.limitTicks(row));
    let index = this.ladder.find(key);
    if (index === Index.None) index = this.createLevel(key);
    const level = this.level(index);
    negotiators.setLevel(row, index);
    negotiators.setPrevious(row, level.tail);
    negotiators.setNext(row, Index.None);
    if (level.tail === Index.None) level.head = row;
    else negotiators.setNext(level.tail, row);
    level.tail = row;
    level.lots += negotiators.openLots(row);
    level.count++;
  }

  /** Takes an intention away; `openLots` is what it stood for. */
  remove(row: number, openLots: number): void {
    const { negotiators } = this;
    const index = negotiators.level(row);
    const level = this.level(index);
    const previous = negotiators.previous(row);
    const next = negotiators.next(row);
    if (previous === Index.None) level.head = next;
    else negotiators.setNext(previous, next);
    if (next === Index.None) level.tail = previous;
    else negotiators.setPrevious(next, previous);
    negotiators.setLevel(row, Index.None);
    level.lots -= openLots;
    level.count--;
    if (level.count === 0) this.removeLevel(index, level);
  }

  /** An intention on it has become smaller by so many lots. */
  shrink(row: number, byLots: number): void {
    this.level(this.negotiators.level(row)).lots -= byLots;
  }

  /** The oldest intention at the best price, or Index.None. */
  best(): number {
    const index = this.ladder.best;
    return index === Index.None ? Index.None : this.level(index).head;
  }

  /** Key of the best level; undefined when the side is empty. */
  bestKey(): number | undefined {
    const index = this.ladder.best;
    return index === Index.None ? undefined : this.level(index).key;
  }

  /** Visits intentions, best price first, oldest first, down to and with a key, until the visitor returns false. */
  visitDownTo(key: number, visitor: (row: number) => boolean): void {
    this.ladder.visit((index, levelKey) => {
      if (levelKey < key) return false;
      for (let row = this.level(index).head; row !== Index.None; row = this.negotiators.next(row)) {
        if (!visitor(row)) return false;
      }
      return true;
    });
  }

  /** Visits levels, best first: price, lots, number of intentions. Market intentions have no price and are left out. */
  visitLevels(visitor: (priceTicks: number, lots: number, count: number) => boolean): void {
    this.ladder.visit((index, key) => {
      if (key === MARKET_KEY) return true;
      const level = this.level(index);
      return visitor(priceOf(this.side, key), level.lots, level.count);
    });
  }

  /** Lots of the market intentions that stand (only in a call phase). */
  marketLots(): number {
    const index = this.ladder.find(MARKET_KEY);
    return index === Index.None ? 0 : this.level(index).lots;
  }

  private createLevel(key: number): number {
    const index = this.unused.pop() ?? this.levels.push(new Level()) - 1;
    const level = this.level(index);
    level.key = key;
    level.head = Index.None;
    level.tail = Index.None;
    level.lots = 0;
    level.count = 0;
    this.ladder.insert(key, index);
    return index;
  }

  private removeLevel(index: number, level: Level): void {
    this.ladder.remove(level.key);
    this.unused.push(index);
  }
}

export class Board {
  readonly bids: BoardSide;
  readonly asks: BoardSide;

  constructor(negotiators: NegotiatorTable) {
    this.bids = new BoardSide(Side.Buy, negotiators);
    this.asks = new BoardSide(Side.Sell, negotiators);
  }

  side(side: number): BoardSide {
    return side === Side.Buy ? this.bids : this.asks;
  }

  opposite(side: number): BoardSide {
    return side === Side.Buy ? this.asks : this.bids;
  }
}
