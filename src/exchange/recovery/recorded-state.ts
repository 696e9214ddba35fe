import { Index } from '../../domain/ids.js';
import type { BookView } from '../commands.js';
import type { Shard } from '../shard/shard.js';
import { stateDigest } from './state-digest.js';
import { viewBook } from '../views.js';

/** What an exchange has recorded, durable or not: for a program that plays the exchange itself, and never for its users. */
export class RecordedState {
  constructor(private readonly shard: Shard) {}

  /** The position that the next event gets. */
  get head(): number {
    return this.shard.head;
  }

  /** The shard's time: milliseconds since 1970. */
  get nowMs(): number {
    return this.shard.clock.nowMs();
  }

  /** How many instruments are listed; the number of the latest. */
  get instruments(): number {
    return this.shard.market.instruments.length;
  }

  isListed(symbol: string): boolean {
    return this.shard.market.instrumentBySymbol(symbol) !== undefined;
  }

  isOpen(intentionId: number): boolean {
    return this.shard.market.negotiators.rowOf(intentionId) !== Index.None;
  }

  book(symbol: string, depth: number): BookView | undefined {
    return viewBook(this.shard.market, symbol, depth, this.head);
  }

  /** Digest of the whole state, in hexadecimal. */
  digest(): string {
    return stateDigest(this.shard.market);
  }
}
