import type { FoundIn } from '../../projections/store/found.js';
import { shardOfDeal, shardOfIntention } from '../../projections/store/places.js';
import type { AnswerOf, Asked, Question } from '../../projections/store/protocol.js';
import { type Queries, QueryFailedError, type QueryName, type Subject, type Terms } from './queries.js';

/** How the stores stand that a desk answers from. */
export interface StoreProgress {
  /** By the number of the shard: all events before this log position are in what is answered; -1 while nothing can be. */
  caughtUpTo(shard: number): number;
  /** Why one does not keep up with its log; undefined while it does. */
  trouble(shard: number): string | undefined;
  onProgress(listener: () => void): void;
}

export interface DeskQueriesOptions {
  readonly shards: readonly number[];
  readonly desk: Asked;
  readonly progress: StoreProgress;
  /** The shard that lists an instrument, or would. Without it all are asked. */
  readonly shardOfInstrument?: ((symbol: string) => number) | undefined;
}

/** Several shards’ stores as one, asked at a desk that may be in another thread. */
export class DeskQueries implements Queries {
  readonly shards: readonly number[];

  constructor(private readonly options: DeskQueriesOptions) {
    if (options.shards.length === 0) throw new RangeError('a server reads one shard at least');
    this.shards = [...options.shards].sort((one, other) => one - other);
  }

  shardsOf({ intention, deal, instrument }: Subject): readonly number[] {
    const shard = this.homeOf({ intention, deal, instrument });
    if (shard === undefined) return intention === undefined && deal === undefined ? this.shards : [];
    return this.shards.includes(shard) ? [shard] : [];
  }

  async ask<Name extends QueryName>(
    query: Name,
    values: Question<Name>['values'],
    terms: Terms,
  ): Promise<FoundIn<AnswerOf<Name>>> {
    const answer = await this.options.desk.answer({ query, values, ...terms });
    if (!answer.ok) throw new QueryFailedError(answer.code, answer.message, answer.shard);
    return answer as FoundIn<AnswerOf<Name>>; // the desk answers each name with what belongs to it
  }

  caughtUpTo(shard: number): number {
    return this.options.progress.caughtUpTo(shard);
  }

  onProgress(listener: () => void): void {
    this.options.progress.onProgress(listener);
  }

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
