import { type Answer, type Asked, type Question } from '../desk/protocol.js';
import { shardOfDeal, shardOfIntention } from '../places.js';

/** What a read is about, as far as it tells the shards: the id of an intention or a deal, or the symbol of an instrument. */
export interface Subject {
  readonly intention?: string | undefined;
  readonly deal?: string | undefined;
  readonly instrument?: string | undefined;
}

/** How the stores stand that a desk answers from. */
export interface StoreProgress {
  /** By the number of the shard: all events before this log position are in what is answered; -1 while nothing can be. */
  caughtUpTo(shard: number): number;
  /** Why one does not keep up with its log; undefined while it does. */
  trouble(shard: number): string | undefined;
  onProgress(listener: () => void): void;
}

export interface ShardStoresOptions {
  readonly shards: readonly number[];
  readonly desk: Asked;
  readonly progress: StoreProgress;
  /** The shard that lists an instrument, or would. Without it all are asked. */
  readonly shardOfInstrument?: ((symbol: string) => number) | undefined;
}

/** The stores of all shards that a process reads, one a shard: which there are, how far they have come, and where they are asked as one. */
export class ShardStores {
  /** In ascending order, never empty. */
  readonly shards: readonly number[];

  constructor(private readonly options: ShardStoresOptions) {
    if (options.shards.length === 0) throw new RangeError('a server reads one shard at least');
    this.shards = [...options.shards].sort((one, other) => one - other);
  }

  /** Those whose stores an answer about this comes from; all, where it may be any. None, where nothing can be found. */
  shardsOf({ intention, deal, instrument }: Subject): readonly number[] {
    const shard = this.homeOf({ intention, deal, instrument });
    if (shard === undefined) return intention === undefined && deal === undefined ? this.shards : [];
    return this.shards.includes(shard) ? [shard] : [];
  }

  /** Asks them at their desk. Never rejects. */
  answer(question: Question): Promise<Answer> {
    return this.options.desk.answer(question);
  }

  /** Up to where the shard’s store has come; -1 while there is none. */
  caughtUpTo(shard: number): number {
    return this.options.progress.caughtUpTo(shard);
  }

  /** Calls back whenever a store has come further, though not each time it has. */
  onProgress(listener: () => void): void {
    this.options.progress.onProgress(listener);
  }

  /** Why a store does not keep up with its log, by its shard. */
  get troubles(): ReadonlyMap<number, string> {
    const troubles = new Map<number, string>();
    for (const shard of this.shards) {
      const trouble = this.options.progress.trouble(shard);
      if (trouble !== undefined) troubles.set(shard, trouble);
    }
    return troubles;
  }

  private homeOf({ intention, deal, instrument }: Subject): number | undefined {
    // A server of one shard need not have the shard 0, nor ids of its own: it knows all there is.
    if (this.shards.length === 1) return this.shards[0];
    if (intention !== undefined) return shardOfIntention(intention);
    if (deal !== undefined) return shardOfDeal(deal);
    return instrument === undefined ? undefined : this.options.shardOfInstrument?.(instrument);
  }
}

/** How many of the events before `durable` the shard’s store lacks. */
export function lagOf(stores: Pick<ShardStores, 'caughtUpTo'>, shard: number, durable = 0): number {
  return Math.max(0, durable - Math.max(0, stores.caughtUpTo(shard)));
}
