import type { BookView } from '../book/views.js';
import type { InstrumentView } from '../directory/views.js';
import type { PositionView } from '../ledger/postings.js';
import type { CandleView, DealView } from '../tape/views.js';
import {
  type Found,
  type QueryName,
  type QueryPort,
  QueryFailedError,
  type QueryRequest,
  type QueryResponse,
} from './protocol.js';
import type { StoreQueries, StoreSummary } from './queries.js';
import type { CandlesQuery, DealsQuery, IntentionsQuery, PositionsQuery } from './query-terms.js';
import type { AbortedDealView, IntentionView } from './views.js';

/** How recent an answer must be. */
export interface Freshness {
  /** It shows all events before this position: QueryFailedError STORE_BEHIND when the store is not there in time. */
  readonly atLeast?: number | undefined;
  /** How long to wait for that; 5 seconds unless said otherwise. */
  readonly timeoutMs?: number | undefined;
}

interface Pending {
  readonly resolve: (found: Found<unknown>) => void;
  readonly reject: (error: Error) => void;
}

const DEFAULT_TIMEOUT_MS = 5000;
/** How many questions may wait for their answers. */
const MAX_PENDING = 10_000;

/** Asks a store in another thread. Every promise rejects with QueryFailedError when there is no answer. */
export class QueryClient {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private gone: QueryFailedError | undefined;
  /** The store's position as of the latest answer. */
  caughtUpTo = 0;

  constructor(private readonly port: QueryPort) {
    port.on('message', this.onMessage);
    for (const event of ['close', 'exit', 'error'] as const) port.on(event, this.onGone);
  }

  summary(freshness?: Freshness): Promise<Found<StoreSummary>> {
    return this.ask('summary', [], freshness);
  }

  instruments(freshness?: Freshness): Promise<Found<readonly InstrumentView[]>> {
    return this.ask('instruments', [], freshness);
  }

  /** Undefined for an unknown instrument. */
  book(symbol: string, depth: number, freshness?: Freshness): Promise<Found<BookView | undefined>> {
    return this.ask('book', [symbol, depth], freshness);
  }

  deal(id: string, freshness?: Freshness): Promise<Found<DealView | AbortedDealView | undefined>> {
    return this.ask('deal', [id], freshness);
  }

  deals(query?: DealsQuery, freshness?: Freshness): Promise<Found<readonly DealView[]>> {
    return this.ask('deals', [query], freshness);
  }

  intention(id: string, freshness?: Freshness): Promise<Found<IntentionView | undefined>> {
    return this.ask('intention', [id], freshness);
  }

  intentionByClientId(
    participant: string,
    id: string,
    freshness?: Freshness,
  ): Promise<Found<IntentionView | undefined>> {
    return this.ask('intentionByClientId', [participant, id], freshness);
  }

  intentions(query: IntentionsQuery, freshness?: Freshness): Promise<Found<readonly IntentionView[]>> {
    return this.ask('intentions', [query], freshness);
  }

  positions(query?: PositionsQuery, freshness?: Freshness): Promise<Found<readonly PositionView[]>> {
    return this.ask('positions', [query], freshness);
  }

  candles(query: CandlesQuery, freshness?: Freshness): Promise<Found<readonly CandleView[]>> {
    return this.ask('candles', [query], freshness);
  }

  /** Waits for no more answers; what is under way is rejected. The port stays open. */
  close(): void {
    this.port.off('message', this.onMessage);
    for (const event of ['close', 'exit', 'error'] as const) this.port.off(event, this.onGone);
    this.onGone();
  }

  private ask<Name extends QueryName>(
    query: Name,
    values: Parameters<StoreQueries[Name]>,
    { atLeast = 0, timeoutMs = DEFAULT_TIMEOUT_MS }: Freshness = {},
  ): Promise<Found<ReturnType<StoreQueries[Name]>>> {
    if (this.gone !== undefined) return Promise.reject(this.gone);
    if (this.pending.size >= MAX_PENDING) {
      return Promise.reject(new QueryFailedError('STORE_BUSY', 'too many questions wait for an answer'));
    }
    const request: QueryRequest = { id: ++this.lastId, query, values, atLeast, timeoutMs };
    const answer = new Promise<Found<unknown>>((resolve, reject) => {
      this.pending.set(request.id, { resolve, reject });
    });
    this.port.postMessage(request);
    return answer as Promise<Found<ReturnType<StoreQueries[Name]>>>; // serveQueries answers with what the query of that name returns
  }

  private readonly onMessage = (message: unknown): void => {
    const response = message as QueryResponse; // serveQueries is the only other end
    const pending = this.pending.get(response.id);
    if (pending === undefined) return;
    this.pending.delete(response.id);
    if (response.ok) {
      const { value, position } = response;
      this.caughtUpTo = position;
      pending.resolve({ value, position });
    } else {
      pending.reject(new QueryFailedError(response.code, response.message));
    }
  };

  private readonly onGone = (cause?: unknown): void => {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    this.gone ??= new QueryFailedError('STORE_GONE', `the query store’s thread has ended${why}`);
    for (const { reject } of this.pending.values()) reject(this.gone);
    this.pending.clear();
  };
}
