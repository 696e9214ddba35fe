import { Pricing, Side } from '../../../src/domain/terms.js';

/** What stands in a queue, with its limit. */
export interface QueueEntry {
  readonly pricing: number;
  readonly priceTicks: number;
}

/** All at one price, oldest first. */
class Level<Entry> {
  first: Place<Entry> | undefined;
  last: Place<Entry> | undefined;
  /** Larger is better, on either side; a market entry comes before every limit. */
  constructor(readonly rank: number) {}
}

interface Place<Entry> {
  readonly entry: Entry;
  readonly level: Level<Entry>;
  previous: Place<Entry> | undefined;
  next: Place<Entry> | undefined;
}

/**
 * One side of a book in the order of priority: market entries first, then the best price, then the oldest. An array of levels
 * sorted by price, in each a linked queue.
 *
 * 1. An entry stands in at most one level, that of its price when it was added; an empty level does not exist.
 * 2. Within a level, entries stand in the order in which they were added.
 */
export class PriceQueue<Entry extends QueueEntry> {
  /** Worst first, so that the busy end is the cheap one. */
  private readonly levels: Level<Entry>[] = [];
  private readonly places = new Map<Entry, Place<Entry>>();

  constructor(private readonly side: number) {}

  get best(): Entry | undefined {
    return this.levels[this.levels.length - 1]?.first?.entry;
  }

  has(entry: Entry): boolean {
    return this.places.has(entry);
  }

  /** Puts the entry at the end of the queue of its price. */
  add(entry: Entry): void {
    const rank = this.rankOf(entry);
    const at = this.indexOf(rank);
    let level = this.levels[at];
    if (level?.rank !== rank) {
      level = new Level<Entry>(rank);
      this.levels.splice(at, 0, level);
    }
    const place: Place<Entry> = { entry, level, previous: level.last, next: undefined };
    if (level.last === undefined) level.first = place;
    else level.last.next = place;
    level.last = place;
    this.places.set(entry, place);
  }

  /** Takes the entry out, if it stands here. */
  remove(entry: Entry): void {
    const place = this.places.get(entry);
    if (place === undefined) return;
    this.places.delete(entry);
    const { level, previous, next } = place;
    if (previous === undefined) level.first = next;
    else previous.next = next;
    if (next === undefined) level.last = previous;
    else next.previous = previous;
    if (level.first === undefined) this.levels.splice(this.indexOf(level.rank), 1);
  }

  *bestFirst(): Generator<Entry, void> {
    for (let index = this.levels.length - 1; index >= 0; index--) {
      for (let place = this.levels[index]?.first; place !== undefined; place = place.next) yield place.entry;
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
      if ((levels[middle] as Level<Entry>).rank < rank)
        low = middle + 1; // middle < length
      else high = middle;
    }
    return low;
  }
}
