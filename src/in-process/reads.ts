import type { IntentionView, AbortedDealView } from '../../projections/store/queries/views.js';
import { checkedBook, checkedDepth } from '../../projections/book/checksum.js';
import type { AccountView } from '../../projections/store/queries/account.js';
import type { CandlesView, TradesView } from '../../projections/store/queries/market-queries.js';
import type { TickerView } from '../../projections/tape/ticker.js';
import type { StoreQueries } from '../../projections/store/queries/queries.js';
import type {
  AccountQuery,
  CandlesQuery,
  DealsQuery,
  IntentionsQuery,
  PositionsQuery,
  TradesQuery,
} from '../../projections/store/queries/query-terms.js';
import type { PositionView } from '../../projections/ledger/postings.js';
import type { DealView } from '../../projections/tape/views.js';
import type { BookView, InstrumentView } from '../exchange/commands.js';
import type { ExchangePort } from '../exchange/port.js';

/** Which intentions; `clientIntentionId` is the participant's own, and goes with `participant`. */
export interface IntentionFilter extends IntentionsQuery {
  readonly clientIntentionId?: string | undefined;
}

/**
 * Looks at the exchange: each shows all that was durable when it was asked for. Names and ids that there are not find nothing. Rejects with
 * ShardUnavailableError where it cannot be told just now, and for a filter that makes no sense with an error whose `code` is INVALID_QUERY.
 */
export interface ExchangeReads {
  /** The best levels of an instrument's book: 10 a side unless said otherwise; undefined, like the next three, for one that is not listed. */
  book(
    instrument: string,
    options?: { readonly depth?: number },
  ): Promise<(BookView & { readonly checksum: number }) | undefined>;
  /** What was dealt, without names: the latest ones, or with `after` the first ones after that position. */
  trades(filter: TradesQuery): Promise<TradesView | undefined>;
  /** The running minute of the exchange's time and the 1,439 before it. */
  ticker(instrument: string): Promise<TickerView | undefined>;
  candles(filter: CandlesQuery): Promise<CandlesView | undefined>;
  /** All listed instruments, in the order in which they were listed. */
  instruments(): Promise<readonly InstrumentView[]>;
  intention(id: string): Promise<IntentionView | undefined>;
  /** In the order of their ids; 100 unless `limit` says otherwise, 1,000 at most. */
  intentions(filter?: IntentionFilter): Promise<readonly IntentionView[]>;
  /** A deal by its id, `12-3`, or what a handshake that was aborted came to. */
  deal(id: string): Promise<DealView | AbortedDealView | undefined>;
  /** In the order in which they were decided: the latest ones, or with `after` the first ones after that position. */
  deals(filter?: DealsQuery): Promise<readonly DealView[]>;
  /** What participants have of each instrument through their deals. */
  positions(filter?: PositionsQuery): Promise<readonly PositionView[]>;
  /** A participant's open intentions and its positions, and with `after` its deals after that position, all as of one moment. */
  account(filter: AccountQuery): Promise<AccountView>;
}

/** What reads are made from. */
export interface ReadFrom {
  readonly exchange: ExchangePort;
  /** Asks the query store, once that shows all that is durable. */
  readonly find: <Value>(ask: (queries: StoreQueries) => Value) => Promise<Value>;
  /** The exchange's. */
  readonly clock: () => number;
}

const DEPTH = 10;
const PAGE = 1_000;

export function readsOf({ exchange, find, clock }: ReadFrom): ExchangeReads {
  return {
    book: async (instrument, { depth = DEPTH } = {}) => {
      const book = await exchange.book(instrument, checkedDepth(depth));
      return book && checkedBook(book, depth);
    },
    trades: (filter) => find((queries) => queries.trades(filter)),
    ticker: (instrument) => find((queries) => queries.ticker(instrument, { nowMs: clock() })),
    candles: (filter) => find((queries) => queries.candles(filter)),
    instruments: () => allInstruments(exchange),
    intention: (id) => find((queries) => queries.intention(id)),
    intentions: ({ clientIntentionId, ...filter } = {}) =>
      find((queries) => {
        if (clientIntentionId === undefined) return queries.intentions(filter);
        const found = queries.intentionByClientId(filter.participant ?? '', clientIntentionId);
        return found === undefined ? [] : [found];
      }),
    deal: (id) => find((queries) => queries.deal(id)),
    deals: (filter) => find((queries) => queries.deals(filter)),
    positions: (filter) => find((queries) => queries.positions(filter)),
    account: (filter) => find((queries) => queries.account(filter)),
  };
}

async function allInstruments(exchange: ExchangePort): Promise<readonly InstrumentView[]> {
  const all: InstrumentView[] = [];
  for (let hasMore = true; hasMore;) {
    const page = await exchange.instruments({ after: all.at(-1)?.symbol, limit: PAGE });
    all.push(...(page?.instruments ?? []));
    hasMore = page?.hasMore ?? false;
  }
  return all;
}
