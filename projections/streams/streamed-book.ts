import { Side } from '../../src/domain/terms.js';
import type { PriceLevel } from '../book/book.js';

/** What stands at one price. */
export type Standing = Omit<PriceLevel, 'priceTicks'>;

/** One side of a book. Owns its levels, and their prices in order, best first. */
export class LevelSide {
  private readonly levels = new Map<number, Standing>();
  private readonly prices: number[] = [];

  /** `direction`: 1 where the lowest price is the best, -1 where the highest is. */
  constructor(private readonly direction: 1 | -1) {}

  at(priceTicks: number): Standing | undefined {
    return this.levels.get(priceTicks);
  }

  /** Best first. */
  *best(depth = Number.POSITIVE_INFINITY): Generator<PriceLevel> {
    const { prices, levels } = this;
    const most = Math.min(depth, prices.length);
    for (let index = 0; index < most; index++) {
      const priceTicks = prices[index] as number; // index is in range
      const { lots, intentions } = levels.get(priceTicks) as Standing; // each price has its level
      yield { priceTicks, lots, intentions };
    }
  }

  /** So many lots and intentions more, or fewer. A level without intentions is gone. */
  add(priceTicks: number, lots: number, intentions: number): void {
    const level = this.levels.get(priceTicks);
    const now = { lots: (level?.lots ?? 0) + lots, intentions: (level?.intentions ?? 0) + intentions };
    if (now.intentions > 0) {
      this.levels.set(priceTicks, now);
      if (level === undefined) this.prices.splice(this.placeOf(priceTicks), 0, priceTicks);
    } else if (level !== undefined) {
      this.levels.delete(priceTicks);
      this.prices.splice(this.placeOf(priceTicks), 1);
    }
  }

  /** How many prices are better. */
  private placeOf(priceTicks: number): number {
    const { prices, direction } = this;
    let low = 0;
    let high = prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (direction * ((prices[middle] as number) - priceTicks) < 0)
        low = middle + 1; // middle is in range
      else high = middle;
    }
    return low;
  }
}

/** Who is told of a book. */
interface Follower {
  /** A level is about to change. */
  changing(side: number, priceTicks: number, before: Standing | undefined): void;
  /** Something else has changed. */
  touch(): void;
}

/** The book of one instrument while somebody is told of it. */
export class StreamedBook {
  readonly bids = new LevelSide(-1);
  readonly asks = new LevelSide(1);
  readonly groups = new Set<Follower>();
  /** How many keep it. */
  users = 0;

  constructor(readonly instrumentId: number) {}

  side(side: number): LevelSide {
    return side === Side.Buy ? this.bids : this.asks;
  }

  /** So many lots and intentions more at a price, or fewer. */
  change(side: number, priceTicks: number, lots: number, intentions: number): void {
    const levels = this.side(side);
    for (const group of this.groups) group.changing(side, priceTicks, levels.at(priceTicks));
    levels.add(priceTicks, lots, intentions);
  }
}
