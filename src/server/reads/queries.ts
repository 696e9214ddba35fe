/**
 * What the server asks of the projections: the read side. The exchange answers commands and the book; whatever must be looked up
 * by something else than the engine's own keys comes from here. Each shard has a store of its own, which answers as it stands; who
 * feeds it adds how far it has come.
 *
 * 1. Every list is bounded; each row holds the `after` for the next page. It comes as the text of its whole answer, made where the
 *    stores are: here it is sent on, and nothing looks into it.
 * 2. A projection lags behind the log. Each question says how far the answer must have come, which is how a reader sees what was
 *    written before it asked.
 * 3. Each answer tells the position that its rows stand at, of each shard that was asked: not what was waited for, which may be less.
 */
import type { FoundIn, Heads } from '../../../projections/store/queries/found.js';
import { shardOfDeal, shardOfIntention } from '../../../projections/store/places.js';
import {
  type AnswerOf,
  type Asked,
  QueryFailedError,
  type Question,
} from '../../../projections/store/desk/protocol.js';
import type { QueryName } from '../../../projections/store/desk/sharded-queries.js';

export { QueryFailedError, type FoundIn, type Heads };
export type { Share } from '../../../projections/store/desk/protocol.js';
export type { DealsQuery, IntentionsQuery } from '../../../projections/store/queries/query-terms.js';
export type { AbortedDealView, IntentionView } from '../../../projections/store/queries/views.js';
export type { DealView } from '../../../projections/tape/views.js';

/** What a request is about, as far as it tells the shards: the id of an intention or a deal, or the symbol of an instrument. */
export interface Subject {
  readonly intention?: string | undefined;
  readonly deal?: string | undefined;
  readonly instrument?: string | undefined;
}

/** Which shards are asked, what the answer must show of each, how long it may take, and on whose share it counts. */
export type Terms = Pick<Question, 'atLeast' | 'timeoutMs' | 'share'>;

/** How the stores stand that a desk answers from. */
export interface StoreProgress {
  /** By the number of the shard: all events before this log position are in what is answered; -1 while nothing can be. */
  caughtUpTo(shard: number): number;
  /** Why one does not keep up with its log; undefined while it does. */
  trouble(shard: number): string | undefined;
  onProgress(listener: () => void): void;
}

export interface QueriesOptions {
  readonly shards: readonly number[];
  readonly desk: Asked;
  readonly progress: StoreProgress;
  /** The shard that lists an instrument, or would. Without it all are asked. */
  readonly shardOfInstrument?: ((symbol: string) => number) | undefined;
}

/** The stores of all shards that a server knows, asked as one at a desk that may be in another thread. */
export class Queries {
  /** In ascending order, never empty. */
  readonly shards: readonly number[];

  constructor(private readonly options: QueriesOptions) {
    if (options.shards.length === 0) throw new RangeError('a server reads one shard at least');
    this.shards = [...options.shards].sort((one, other) => one - other);
  }

  /** Those whose stores an answer about this comes from; all, where it may be any. None, where nothing can be found. */
  shardsOf({ intention, deal, instrument }: Subject): readonly number[] {
    const shard = this.homeOf({ intention, deal, instrument });
    if (shard === undefined) return intention === undefined && deal === undefined ? this.shards : [];
    return this.shards.includes(shard) ? [shard] : [];
  }

  /** Rejects with QueryFailedError when there is no answer. */
  async ask<Name extends QueryName>(
    query: Name,
    values: Question<Name>['values'],
    terms: Terms,
  ): Promise<FoundIn<AnswerOf<Name>>> {
    const answer = await this.options.desk.answer({ query, values, ...terms });
    if (!answer.ok) throw new QueryFailedError(answer.code, answer.message, answer.shard);
    return answer as FoundIn<AnswerOf<Name>>; // the desk answers each name with what belongs to it
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
export function lagOf(queries: Pick<Queries, 'caughtUpTo'>, shard: number, durable = 0): number {
  return Math.max(0, durable - Math.max(0, queries.caughtUpTo(shard)));
}
