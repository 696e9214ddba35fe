import { bookChecksum } from './checksum.js';
import { ParleyError } from '../wire/error.js';
import type { BookMessage } from './market-types.js';
import type { BookLevel, Phase } from '../types.js';

/** How often messages of a book come: with each batch of the log that changed it, or gathered, ten times a second at most. */
export type BookRate = 'batch' | '100ms';

/**
 * One instrument's book, kept from the messages of its stream.
 *
 * 1. After each message it is the server's book at `position`, whole: every diff begins where the book stands, and the checksum
 *    over the ten best levels a side is compared.
 * 2. A message that does not fit throws ParleyError `OUT_OF_STEP`, and the book is empty until the next snapshot.
 */
export class OrderBook {
  /** -1 while there has been no snapshot. */
  #position = -1;
  #phase: Phase = 'continuous';
  readonly #bids = new Levels(-1);
  readonly #asks = new Levels(1);

  constructor(readonly instrument: string) {}

  /** It holds all events before this log position; -1 while it is not known. */
  get position(): number {
    return this.#position;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Best first. Live: the next message changes the list, so copy what is kept. */
  get bids(): readonly BookLevel[] {
    return this.#bids.list;
  }

  get asks(): readonly BookLevel[] {
    return this.#asks.list;
  }

  get bestBid(): BookLevel | undefined {
    return this.#bids.list[0];
  }

  get bestAsk(): BookLevel | undefined {
    return this.#asks.list[0];
  }

  /** As the server states it. */
  get checksum(): number {
    return bookChecksum(this);
  }

  /** Takes the next message. */
  apply(message: BookMessage): void {
    if (message.type === 'snapshot') this.#clear();
    else if (message.from !== this.#position)
      this.#mustResync(`the diff begins at ${message.from}, the book stands at ${this.#position}`);
    this.#bids.put(message.bids);
    this.#asks.put(message.asks);
    this.#phase = message.phase ?? this.#phase;
    this.#position = message.position;
    const { checksum } = this;
    if (checksum !== message.checksum)
      this.#mustResync(`its checksum is ${checksum}, the server’s ${message.checksum}`);
  }

  #mustResync(why: string): never {
    this.#clear();
    throw new ParleyError(200, 'OUT_OF_STEP', `the book of ${this.instrument} is out of step: ${why}`);
  }

  #clear(): void {
    this.#position = -1;
    this.#bids.clear();
    this.#asks.clear();
  }
}

/** The levels of one side, best first, found by halving. Prices of one instrument have the same decimals, so they compare as text does. */
class Levels {
  #levels: BookLevel[] = [];
  readonly #sign: number;

  /** `sign`: 1 where the lowest price is the best, -1 where the highest is. */
  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  get list(): readonly BookLevel[] {
    return this.#levels;
  }

  put(changed: readonly BookLevel[]): void {
    for (const level of changed) {
      const at = this.#placeOf(level.price);
      const isThere = this.#levels[at]?.price === level.price;
      if (Number(level.quantity) === 0) this.#levels.splice(at, isThere ? 1 : 0);
      else this.#levels.splice(at, isThere ? 1 : 0, level);
    }
  }

  clear(): void {
    this.#levels = [];
  }

  /** The first level that is no better than this price. */
  #placeOf(price: string): number {
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sign * comparePrices(this.#levels[middle]?.price ?? '', price) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function comparePrices(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : Number(one > other);
}
