/**
 * What the server asks of the projections: the read side. The exchange answers commands and the book; whatever must be looked up
 * by something else than the engine's own keys comes from here. Each shard has a store of its own, which answers as it stands; who
 * feeds it adds how far it has come.
 *
 * 1. Every list is bounded; each row holds the `after` for the next page.
 * 2. A projection lags behind the log. `waitFor` is how a reader sees what was written before it asked.
 */
import type { PositionView } from '../../projections/ledger/postings.js';
import type { DealsQuery, IntentionsQuery, PositionsQuery } from '../../projections/store/query-terms.js';
import type { AbortedDealView, IntentionView } from '../../projections/store/views.js';
import type { DealView } from '../../projections/tape/views.js';

export type { AbortedDealView, DealView, DealsQuery, IntentionView, IntentionsQuery, PositionView, PositionsQuery };

type Awaitable<Value> = Value | Promise<Value>;

/** Positions by the number of the shard. */
export type Heads = ReadonlyMap<number, number>;

/** One shard's store. Lists are in log order, oldest first. */
export interface ShardQueries {
  deal(id: string): Awaitable<DealView | AbortedDealView | undefined>;
  deals(query: DealsQuery): Awaitable<readonly DealView[]>;
  intention(id: string): Awaitable<IntentionView | undefined>;
  intentionByClientId(participant: string, clientIntentionId: string): Awaitable<IntentionView | undefined>;
  intentions(query: IntentionsQuery): Awaitable<readonly IntentionView[]>;
  positions(query: PositionsQuery): Awaitable<readonly PositionView[]>;
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
  deals(query: DealsQuery): Promise<readonly DealView[]>;
  intention(id: string): Promise<IntentionView | undefined>;
  /** A client's id is its own within a shard, so there is one of each shard at most. */
  intentionsByClientId(participant: string, clientIntentionId: string): Promise<readonly IntentionView[]>;
  intentions(query: IntentionsQuery): Promise<readonly IntentionView[]>;
  positions(query: PositionsQuery): Promise<readonly PositionView[]>;
  /** As of each of these shards. */
  caughtUpTo(shards: readonly number[]): Heads;
  /** Undefined once all stores have reached their positions; after `timeoutMs`, a shard whose store has not. */
  waitFor(heads: Heads, timeoutMs: number): Promise<number | undefined>;
  /** Why a store does not keep up with its log, by its shard. */
  readonly troubles: ReadonlyMap<number, string>;
}
