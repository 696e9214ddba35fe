import { Pricing, Side } from '../../src/domain/terms.js';

/** What stands in a queue: its limit, and its links, which belong to the queue. */
export interface QueueEntry<Entry> {
  readonly pricing: number;
  priceTicks: number;
  level: QueueLevel<Entry> | undefined;
  previous: Entry | undefined;
  next: Entry | undefined;
}

/** All at one price, oldest first. */
export class QueueLevel<Entry> {
  first: Entry | undefined;
  last: Entry | undefined;
  /** Larger is better, on either side; a market entry comes before every limit. */
  constructor(readonly rank: number) {}
}

/**
 * One side of a book in the order of priority: market entries first, then the best price, then the oldest. An array of levels
 * sorted by price, in each a linked queue.
 *
 * 1. An entry stands in at most one level, that of its price; an empty level does not exist.
 * 2. Within a level, entries stand in the order in which they were added.
 */
export class PriceQueue<Entry extends QueueEntry<Entry>> {
  /** Worst first, so that the busy end is the cheap one. */
  private readonly levels: QueueLevel<Entry>[] = [];

  constructor(private readonly side: number) {}

  get best(): Entry | undefined {
    return this.levels[this.levels.length - 1]?.first;
  }

  /** Puts the entry at the end of the queue of its price. */
  add(entry: Entry): void {
    const rank = this.rankOf(entry);
    const at = this.indexOf(rank);
    let level = this.levels[at];
    if (level?.rank !== rank) {
      level = new QueueLevel<Entry>(rank);
      this.levels.splice(at, 0, level);
    }
    entry.level = level;
    entry.previous = level.last;
    if (level.last === undefined) level.first = entry;
    else level.last.next = entry;
    level.last = entry;
  }

  /** Takes the entry out, if it stands here. To be called before its price changes. */
  remove(entry: Entry): void {
    const { level, previous, next } = entry;
    if (level === undefined) return;
    if (previous === undefined) level.first = next;
    else previous.next = next;
    if (next === undefined) level.last = previous;
    else next.previous = previous;
    entry.level = undefined;
    entry.previous = undefined;
    entry.next = undefined;
    if (level.first === undefined) this.levels.splice(this.indexOf(level.rank), 1);
  }

  *bestFirst(): Generator<Entry, void> {
    for (let index = this.levels.length - 1; index >= 0; index--) {
      for (let entry = this.levels[index]?.first; entry !== undefined; entry = entry.next) yield entry;
    }
  }

  private rankOf(entry: Entry): number {
    if (entry.pricing === Pricing.Market) return Number.POSITIVE_INFINITY;
    return this.side === Side.Buy ? entry.priceTicks : -entry.priceTicks;
  }

  /** Where the level of that rank stands, or would stand. */
  private indexOf(rank: number): number {
    const { levels } = this;
    let low = 0;
    let high = levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((levels[middle] as QueueLevel<Entry>).rank < rank)
        low = middle + 1; // middle < length
      else high = middle;
    }
    return low;
  }
}
