/** What is asked of several shards as of one, and shown of them. */
import type { TickerView } from '../../tape/ticker.js';
import type { Heads } from '../queries/found.js';

/** Rows that have a page after them, or not. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

/** A ticker, and where it stands: all events before the position are in it. */
export type StandingTicker = TickerView & { readonly position: number; readonly shard?: number };

export interface TickersView {
  readonly tickers: readonly StandingTicker[];
  /** The last instrument, if more are listed. */
  readonly next?: string;
}

/** Whose affairs, and of the deals of which shards those after which position. */
export interface AccountsQuery {
  readonly participant: string;
  /** As in DealsQuery. */
  readonly viewer?: string | undefined;
  readonly after: Heads;
}
