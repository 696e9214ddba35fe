import type { FlowSide } from '../script/flow-line.js';

/** An order as the record has it, and what the exchange holds of it. */
export interface RecordedOrder {
  readonly id: number;
  readonly side: FlowSide;
  readonly price: number;
  /** Where the record posts it. */
  readonly line: number;
  /** What the record says is left. */
  left: number;
  /** What stands in the exchange's book; the same, but while a mismatch is mended, and for an order that is kept off the book. */
  held: number;
  /** Kept off the exchange's book, though the record says that it stands. */
  isAside: boolean;
  /** It had a part in a mismatch: it explains the next one that it has a part in. */
  isDoubtful: boolean;
}

/** What an arriving order would deal with a standing one. */
export interface Hit {
  readonly order: RecordedOrder;
  readonly size: number;
}

/** Orders at one price by id, oldest first. */
export type Queue = Map<number, RecordedOrder>;

export function opposite(side: FlowSide): FlowSide {
  return side === 'buy' ? 'sell' : 'buy';
}

/**
 * The orders that a record says are open, in price-time priority.
 *
 * 1. An order is in one queue while something is left of it; those that are kept off the exchange's book keep their places too.
 * 2. What would deal is told of what the exchange holds.
 */
export class RecordBook {
  readonly #orders = new Map<number, RecordedOrder>();
  readonly #sides: Readonly<Record<FlowSide, RecordSide>> = {
    buy: new RecordSide('buy'),
    sell: new RecordSide('sell'),
  };

  /** How many orders are open. */
  get size(): number {
    return this.#orders.size;
  }

  order(id: number): RecordedOrder | undefined {
    return this.#orders.get(id);
  }

  add(order: RecordedOrder): void {
    this.#orders.set(order.id, order);
    this.#sides[order.side].add(order);
  }

  remove(order: RecordedOrder): void {
    this.#orders.delete(order.id);
    this.#sides[order.side].remove(order);
  }

  /** The queue that an order stands in, or would. */
  queueOf({ side, price }: Pick<RecordedOrder, 'side' | 'price'>): Queue {
    return this.#sides[side].queueAt(price);
  }

  /** What somebody who arrives on a side, with a limit and a size, would deal. */
  hits(arriving: FlowSide, limit: number, size: number): Hit[] {
    const found: Hit[] = [];
    let left = size;
    for (const order of this.#sides[opposite(arriving)].heldFromBest()) {
      const reached = arriving === 'buy' ? order.price <= limit : order.price >= limit;
      if (left <= 0 || !reached) break;
      const dealt = Math.min(left, order.held);
      found.push({ order, size: dealt });
      left -= dealt;
    }
    return found;
  }

  /** The first order of a side that the exchange holds. */
  best(side: FlowSide): RecordedOrder | undefined {
    for (const order of this.#sides[side].heldFromBest()) return order;
    return undefined;
  }
}

/** One side. Prices are turned so that the best is the largest. */
class RecordSide {
  /** In ascending order: the best is the last. */
  readonly #keys: number[] = [];
  readonly #queues = new Map<number, Queue>();
  readonly #sign: number;

  constructor(side: FlowSide) {
    this.#sign = side === 'buy' ? 1 : -1;
  }

  queueAt(price: number): Queue {
    return this.#queues.get(this.#sign * price) ?? new Map<number, RecordedOrder>();
  }

  add(order: RecordedOrder): void {
    const key = this.#sign * order.price;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = new Map();
      this.#queues.set(key, queue);
      this.#keys.splice(this.#placeOf(key), 0, key);
    }
    queue.set(order.id, order);
  }

  remove(order: RecordedOrder): void {
    const key = this.#sign * order.price;
    const queue = this.#queues.get(key);
    queue?.delete(order.id);
    if (queue?.size !== 0) return;
    this.#queues.delete(key);
    this.#keys.splice(this.#placeOf(key), 1);
  }

  *heldFromBest(): Generator<RecordedOrder, void> {
    for (let index = this.#keys.length - 1; index >= 0; index -= 1) {
      for (const order of this.#queues.get(this.#keys[index] ?? 0)?.values() ?? []) if (order.held > 0) yield order;
    }
  }

  /** How many keys are smaller. */
  #placeOf(key: number): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
