import type { ExchangePort } from '../../exchange/port.js';

/** What writes the shards of a process that serves alone: their exchange, and what is made beside it. */
export interface ShardWriters {
  readonly exchange: ExchangePort;
  /** Opens all of them. Rejects with why one could not be opened, and then none is of any use. */
  open(): Promise<void>;
  /** Whether the exchange is closing: an opening under way is then given up. */
  isEnding(): boolean;
  /** Ends what is made beside the exchange, once that is closed. */
  end(): Promise<void>;
}

/** Who hears of the shards that are written. */
export interface ShardNews {
  /** How far a shard is durable: after each opening and after each commit, before the answers that rest on it. */
  onDurable(shard: number, durable: number): void;
  /** A shard has stopped permanently. */
  onFinal(shard: number, reason: string): void;
}
