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
import type { BookView } from '../../projections/book/views.js';
import type { InstrumentView } from '../../projections/directory/views.js';
import type { FoundIn, Heads } from '../../projections/store/found.js';
import type { AnswerOf, Question, Share } from '../../projections/store/protocol.js';
import type {
  DealsQuery,
  InstrumentsQuery,
  IntentionsQuery,
  PositionsQuery,
} from '../../projections/store/query-terms.js';
import type { ListName, QueryName } from '../../projections/store/sharded-queries.js';
import type { AbortedDealView, IntentionView } from '../../projections/store/views.js';
import type { DealView } from '../../projections/tape/views.js';

export { QueryFailedError } from '../../projections/store/protocol.js';
export type { AbortedDealView, BookView, DealView, DealsQuery, InstrumentView, IntentionView, IntentionsQuery };
export type { FoundIn, Heads, InstrumentsQuery, ListName, PositionsQuery, QueryName, Share };

/** What a request is about, as far as it tells the shards: the id of an intention or a deal, or the symbol of an instrument. */
export interface Subject {
  readonly intention?: string | undefined;
  readonly deal?: string | undefined;
  readonly instrument?: string | undefined;
}

/** Which shards are asked, what the answer must show of each, how long it may take, and on whose share it counts. */
export type Terms = Pick<Question, 'atLeast' | 'timeoutMs' | 'share'>;

/** The stores of all shards that a server knows, asked as one. */
export interface Queries {
  /** In ascending order, never empty. */
  readonly shards: readonly number[];
  /** Those whose stores an answer about this comes from; all, where it may be any. None, where nothing can be found. */
  shardsOf(subject: Subject): readonly number[];
  /** Rejects with QueryFailedError when there is no answer. */
  ask<Name extends QueryName>(
    query: Name,
    values: Question<Name>['values'],
    terms: Terms,
  ): Promise<FoundIn<AnswerOf<Name>>>;
  /** Up to where the shard’s store has come; -1 while there is none. */
  caughtUpTo(shard: number): number;
  /** Calls back whenever a store has come further, though not each time it has. */
  onProgress(listener: () => void): void;
  /** Why a store does not keep up with its log, by its shard. */
  readonly troubles: ReadonlyMap<number, string>;
}

/** How many of the events before `durable` the shard’s store lacks. */
export function lagOf(queries: Pick<Queries, 'caughtUpTo'>, shard: number, durable = 0): number {
  return Math.max(0, durable - Math.max(0, queries.caughtUpTo(shard)));
}
