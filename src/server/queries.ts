/**
 * What the server asks of the projections: the read side. The exchange answers commands and the book; whatever must be looked up
 * by something else than the engine's own keys comes from here. Each shard has a store of its own, which answers as it stands; who
 * feeds it adds how far it has come.
 *
 * 1. Every list is bounded; each row holds the `after` for the next page.
 * 2. A projection lags behind the log. `waitFor` is how a reader sees what was written before it asked.
 * 3. Each answer tells the position that its rows stand at, of each shard that was asked: not what was waited for, which may be less.
 */
import type { BookView } from '../../projections/book/views.js';
import type { InstrumentView } from '../../projections/directory/views.js';
import type { PositionView } from '../../projections/ledger/postings.js';
import type { Found } from '../../projections/store/protocol.js';
import type { DealsQuery, IntentionsQuery, PositionsQuery } from '../../projections/store/query-terms.js';
import type { AbortedDealView, IntentionView } from '../../projections/store/views.js';
import type { DealView } from '../../projections/tape/views.js';

export type { AbortedDealView, BookView, DealView, DealsQuery, Found, InstrumentView, IntentionView, IntentionsQuery };
export type { PositionView, PositionsQuery };

type Awaitable<Value> = Value | Promise<Value>;

/** Positions by the number of the shard. */
export type Heads = ReadonlyMap<number, number>;

/** What the stores were found to hold, and where each of those that were asked stood then. */
export interface FoundIn<Value> {
  readonly value: Value;
  readonly heads: Heads;
}

/** One shard's store. Lists are in log order, oldest first. */
export interface ShardQueries {
  deal(id: string): Awaitable<Found<DealView | AbortedDealView | undefined>>;
  deals(query: DealsQuery): Awaitable<Found<readonly DealView[]>>;
  intention(id: string): Awaitable<Found<IntentionView | undefined>>;
  intentionByClientId(participant: string, clientIntentionId: string): Awaitable<Found<IntentionView | undefined>>;
  intentions(query: IntentionsQuery): Awaitable<Found<readonly IntentionView[]>>;
  positions(query: PositionsQuery): Awaitable<Found<readonly PositionView[]>>;
  instruments(): Awaitable<Found<readonly InstrumentView[]>>;
  book(symbol: string, depth: number): Awaitable<Found<BookView | undefined>>;
  /** All events before this log position are in what is answered; -1 while nothing can be. */
  readonly caughtUpTo: number;
  /** True once `caughtUpTo` has reached the position, false when that takes longer than `timeoutMs`. */
  waitFor(position: number, timeoutMs: number): Promise<boolean>;
  /** Why it does not keep up with its log; undefined while it does. */
  readonly trouble?: string | undefined;
}

/** What a request is about, as far as it tells the shards: the id of an intention or a deal, or the symbol of an instrument. */
export interface Subject {
  readonly intention?: string | undefined;
  readonly deal?: string | undefined;
  readonly instrument?: string | undefined;
}

/** The stores of all shards that a server knows, asked as one. */
export interface Queries {
  /** In ascending order, never empty. */
  readonly shards: readonly number[];
  /** Those whose stores an answer about this comes from; all, where it may be any. None, where nothing can be found. */
  shardsOf(subject: Subject): readonly number[];
  deal(id: string): Promise<DealView | AbortedDealView | undefined>;
  deals(query: DealsQuery): Promise<FoundIn<readonly DealView[]>>;
  intention(id: string): Promise<IntentionView | undefined>;
  /** A client's id is its own within a shard, so there is one of each shard at most. */
  intentionsByClientId(participant: string, clientIntentionId: string): Promise<FoundIn<readonly IntentionView[]>>;
  intentions(query: IntentionsQuery): Promise<FoundIn<readonly IntentionView[]>>;
  positions(query: PositionsQuery): Promise<FoundIn<readonly PositionView[]>>;
  /** Shard after shard, in each in the order in which they were first listed. */
  instruments(): Promise<FoundIn<readonly InstrumentView[]>>;
  /** These two are undefined for an instrument that no shard lists. */
  instrument(symbol: string): Promise<Found<InstrumentView> | undefined>;
  book(symbol: string, depth: number): Promise<BookView | undefined>;
  /** As of each of these shards. */
  caughtUpTo(shards: readonly number[]): Heads;
  /** Undefined once all stores have reached their positions; after `timeoutMs`, a shard whose store has not. */
  waitFor(heads: Heads, timeoutMs: number): Promise<number | undefined>;
  /** Why a store does not keep up with its log, by its shard. */
  readonly troubles: ReadonlyMap<number, string>;
}
