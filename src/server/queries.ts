/**
 * What the server asks of the projections: the read side. The exchange answers commands and the book; whatever must be looked up
 * by something else than the engine's own keys comes from here. The query store answers all of these as it stands; who feeds it
 * adds how far it has come.
 *
 * 1. Every list is bounded, and in log order, oldest first; each row holds the `after` for the next page.
 * 2. A projection lags behind the log. `waitFor` is how a reader sees what was written before it asked.
 */
import type { PositionView } from '../../projections/ledger/postings.js';
import type { DealsQuery, IntentionsQuery, PositionsQuery } from '../../projections/store/query-terms.js';
import type { AbortedDealView, IntentionView } from '../../projections/store/views.js';
import type { DealView } from '../../projections/tape/views.js';

export type { AbortedDealView, DealView, DealsQuery, IntentionView, IntentionsQuery, PositionView, PositionsQuery };

type Awaitable<Value> = Value | Promise<Value>;

export interface Queries {
  deal(id: string): Awaitable<DealView | AbortedDealView | undefined>;
  deals(query: DealsQuery): Awaitable<readonly DealView[]>;
  intention(id: string): Awaitable<IntentionView | undefined>;
  intentionByClientId(participant: string, clientIntentionId: string): Awaitable<IntentionView | undefined>;
  intentions(query: IntentionsQuery): Awaitable<readonly IntentionView[]>;
  positions(query: PositionsQuery): Awaitable<readonly PositionView[]>;
  /** All events before this log position are in what is answered. */
  readonly caughtUpTo: number;
  /** True once `caughtUpTo` has reached the position, false when that takes longer than `timeoutMs`. */
  waitFor(position: number, timeoutMs: number): Promise<boolean>;
}
