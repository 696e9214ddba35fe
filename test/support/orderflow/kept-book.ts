import { expect } from 'vitest';
import type { BookDiff, BookSnapshot } from '../../../projections/streams/messages.js';
import type { BookLevel } from '../../../projections/book/views.js';
import type { NaiveBook } from './naive-day.js';

const sides = ['bids', 'asks'] as const;

/**
 * A book as a program keeps it, held against one that was folded out of the log: whole where it begins, and then level by level, each that
 * was told or that something happened to. So it is the same book after each message, though thousands of levels are not looked at each time.
 */
export class KeptBook {
  phase: string;
  private readonly levels = { bids: new Map<string, BookLevel>(), asks: new Map<string, BookLevel>() };
  private readonly touched = { bids: new Set<string>(), asks: new Set<string>() };

  constructor(
    private told: BookSnapshot | BookDiff,
    naive: NaiveBook,
  ) {
    if (told.type !== 'snapshot') throw new Error('it begins with a snapshot');
    this.phase = told.phase;
    for (const side of sides) for (const level of told[side]) this.levels[side].set(level.price, level);
    this.mustBe(naive);
  }

  /** The naive book has changed there since the last message. */
  changed(side: 'bids' | 'asks', price: number): void {
    this.touched[side].add(String(price));
  }

  take(diff: BookDiff, naive: NaiveBook): void {
    if (diff.from !== this.told.position) throw new Error(`a gap: ${diff.from} after ${this.told.position}`);
    this.told = diff;
    this.phase = diff.phase ?? this.phase;
    for (const side of sides) {
      for (const level of diff[side]) this.takeLevel(side, level);
      for (const price of this.touched[side]) this.levelMustBe(side, price, naive);
      this.touched[side].clear();
    }
    const found = naive.checksum();
    if (diff.checksum !== found) throw new Error(`the checksum at ${diff.position} is ${diff.checksum}, not ${found}`);
    if (this.phase !== naive.phase) throw new Error(`the phase at ${diff.position} is ${this.phase}`);
  }

  /** Whether all of it is as it is there. */
  is(naive: NaiveBook): boolean {
    return sides.every((side) => {
      const shown = naive[side].best(Number.POSITIVE_INFINITY);
      const kept = this.levels[side];
      return kept.size === shown.length && shown.every((level) => isLevel(kept.get(level.price), level));
    });
  }

  /** All of it, level by level. */
  mustBe(naive: NaiveBook): void {
    for (const side of sides) {
      const shown = new Map(naive[side].best(Number.POSITIVE_INFINITY).map((level) => [level.price, level]));
      expect(this.levels[side]).toEqual(shown);
    }
    expect([this.phase, this.told.checksum]).toEqual([naive.phase, naive.checksum()]);
  }

  private takeLevel(side: 'bids' | 'asks', level: BookLevel): void {
    if (!this.touched[side].has(level.price)) throw new Error(`nothing happened at ${level.price}`);
    const before = this.levels[side].get(level.price) ?? gone;
    if (isLevel(before, level)) throw new Error(`${level.price} was told though it is as it was told before`);
    if (level.quantity === '0') this.levels[side].delete(level.price);
    else this.levels[side].set(level.price, level);
  }

  private levelMustBe(side: 'bids' | 'asks', price: string, naive: NaiveBook): void {
    const shown = naive[side].shown(Number(price));
    const kept = this.levels[side].get(price) ?? gone;
    if (isLevel(kept, shown)) return;
    throw new Error(
      `at ${price} stands ${kept.quantity} of ${kept.intentions}, not ${shown.quantity} of ${shown.intentions}`,
    );
  }
}

const gone = { quantity: '0', intentions: 0 };

/** Whether a level is as it is there, price apart. */
export function isLevel(one: Omit<BookLevel, 'price'> | undefined, other: Omit<BookLevel, 'price'>): boolean {
  return one?.quantity === other.quantity && one.intentions === other.intentions;
}
