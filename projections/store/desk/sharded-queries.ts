import type { BookView } from '../../book/views.js';
import type { InstrumentView } from '../../directory/views.js';
import { mergedPositions } from '../../ledger/merged-positions.js';
import type { PositionView } from '../../ledger/postings.js';
import type { DealView } from '../../tape/views.js';
import { positionOfPlace, shardOfIntention, shardOfPlace } from '../places.js';
import type { TickerView } from '../../tape/ticker.js';
import type { AccountView } from '../queries/account.js';
import { accountOf } from './accounts.js';
import type { DoubtView } from '../../ledger/doubt-view.js';
import { AskedStores } from './asked-stores.js';
import type { FoundIn } from '../queries/found.js';
import type { CandlesView, TradesView } from '../queries/market-queries.js';
import type { StoreQueries } from '../queries/queries.js';
import {
  type CandlesQuery,
  type DealsQuery,
  type InstrumentsQuery,
  type IntentionsQuery,
  InvalidQueryError,
  limited,
  type LimitsQuery,
  MAX_ROWS,
  type PositionsQuery,
  type TickerQuery,
  type TickersQuery,
  type TradesQuery,
} from '../queries/query-terms.js';
import { type LimitsView, mergedLimits, mergedSwitches, type SwitchView } from '../queries/risk-views.js';
import type { AbortedDealView, IntentionView } from '../queries/views.js';
import { latestOf, placed } from './deals-of-shards.js';
import type { AccountsQuery, Page, TickersView } from './sharded-views.js';

/** The questions that are answered with lists, with a whole answer that there may be or not, and with one thing. */
export type ListName = 'deals' | 'intentions' | 'intentionsByClientId' | 'positions' | 'doubts';
export type WholeName = 'trades' | 'candles' | 'ticker' | 'tickers' | 'account';
export type OneName =
  | 'deal'
  | 'intention'
  | 'intentionOfClientId'
  | 'clientIds'
  | 'instrument'
  | 'instruments'
  | 'book'
  | 'switches'
  | 'limits'
  | 'timeline'
  | 'dealsAround';
export type QueryName = ListName | WholeName | OneName;

/**
 * The stores of the shards that a question is for, asked as one.
 *
 * 1. Where the server reads one shard alone, every question and every answer is that shard's own.
 * 2. Where it reads several, the positions of deals, in rows and in `after` and `before`, are places (places.ts): shard after shard,
 *    within each in log order. Intentions come by id, which is the same order; positions by names, added up; instruments shard after
 *    shard, in each in the order in which they were first listed.
 * 3. The latest deals of several shards are the latest by time, and come in the order of time. Their places do not, so who wants to
 *    page begins with `after`.
 * 4. An account is told from each store as it stands at one moment: its intentions, positions and deals agree within each shard.
 * 5. Each answer tells the position that its rows stand at, of each shard that was looked into.
 */
export class ShardedQueries extends AskedStores {
  deal(id: string): FoundIn<DealView | AbortedDealView | undefined> {
    return this.first((queries, shard) => {
      const deal = queries.deal(id);
      return deal !== undefined && this.only === undefined ? placed(shard, deal) : deal;
    });
  }

  deals(query: DealsQuery): FoundIn<readonly DealView[]> {
    if (this.only !== undefined) return this.ofOnly((queries) => queries.deals(query));
    if (query.after !== undefined) return this.dealsAfter(query, query.after);
    if (query.before === undefined) return this.latestDeals(query);
    if (this.stores.size > 1)
      throw new InvalidQueryError('before: with several shards, give an instrument or after too');
    const heads = new Map<number, number>();
    const [shard] = this.stores.keys();
    return { value: this.dealsOf(shard, { ...query, before: query.before }, heads), heads };
  }

  intention(id: string): FoundIn<IntentionView | undefined> {
    return this.first((queries) => queries.intention(id));
  }

  /** A client's id is its own within a shard, so there is one of each shard at most. */
  intentionsByClientId(participant: string, clientIntentionId: string): FoundIn<readonly IntentionView[]> {
    const { value, heads } = this.ofAll((queries) => queries.intentionByClientId(participant, clientIntentionId));
    return { value: value.filter((intention) => intention !== undefined), heads };
  }

  /** The same, for who goes on with the intention itself and not with a list's text. */
  intentionOfClientId(participant: string, clientIntentionId: string): FoundIn<readonly IntentionView[]> {
    return this.intentionsByClientId(participant, clientIntentionId);
  }

  /** The clients' ids of those of these intentions that there are. */
  clientIds(ids: readonly string[]): FoundIn<readonly (readonly [id: string, clientIntentionId: string])[]> {
    const { value, heads } = this.ofAll((queries) => queries.clientIds(ids));
    return { value: value.flat(), heads };
  }

  intentions(query: IntentionsQuery): FoundIn<readonly IntentionView[]> {
    if (this.only !== undefined) return this.ofOnly((queries) => queries.intentions(query));
    const limit = limited(query.limit);
    const first = query.after === undefined ? 0 : shardOfIntention(query.after);
    if (first === undefined) throw new InvalidQueryError('after: not the id of an intention');
    const rows: IntentionView[] = [];
    const heads = new Map<number, number>();
    for (const [shard, store] of this.stores) {
      if (shard < first || rows.length >= limit) continue;
      const { value, position } = store.find((queries) => queries.intentions({ ...query, limit: limit - rows.length }));
      rows.push(...value);
      heads.set(shard, position);
    }
    return { value: rows, heads };
  }

  positions(query: PositionsQuery): FoundIn<readonly PositionView[]> {
    if (this.only !== undefined) return this.ofOnly((queries) => queries.positions(query));
    const limit = limited(query.limit);
    const { value, heads } = this.ofAll((queries) => queries.positions({ ...query, limit, byName: true }));
    return { value: mergedPositions(value).slice(0, limit), heads };
  }

  switches(participant: string | undefined): FoundIn<readonly SwitchView[]> {
    const { value, heads } = this.ofAll((queries) => queries.switches(participant));
    return { value: mergedSwitches(value), heads };
  }

  limits({ limit, ...query }: LimitsQuery & { readonly limit: number }): FoundIn<Page<LimitsView>> {
    const { value, heads } = this.ofAll((queries) => queries.limits({ ...query, limit: limit + 1 }));
    const rows = mergedLimits(value);
    return { value: { rows: rows.slice(0, limit), hasMore: rows.length > limit }, heads };
  }

  /** Throws InvalidQueryError for an `after` that no shard lists. */
  instruments(query: InstrumentsQuery): FoundIn<Page<InstrumentView>> {
    return this.listedPage(query, (queries, page) => queries.instruments(page.after, page.limit));
  }

  instrument(symbol: string): FoundIn<InstrumentView | undefined> {
    return this.first((queries) => queries.instrument(symbol));
  }

  book(symbol: string, depth: number): FoundIn<BookView | undefined> {
    return this.first((queries) => queries.book(symbol, depth));
  }

  /** Undefined, like the next two, for an instrument that is not listed. Its positions are those of the one shard that lists it. */
  trades(query: TradesQuery): FoundIn<TradesView | undefined> {
    return this.first((queries) => queries.trades(query));
  }

  candles(query: CandlesQuery): FoundIn<CandlesView | undefined> {
    return this.first((queries) => queries.candles(query));
  }

  ticker(symbol: string, query: TickerQuery): FoundIn<TickerView | undefined> {
    return this.first((queries) => queries.ticker(symbol, query));
  }

  /** Each with where it stands. Throws InvalidQueryError for an `after` that no shard lists. */
  tickers(query: TickersQuery): FoundIn<TickersView> {
    const found = this.listedPage(query, (queries, page, shard) =>
      queries.tickers({ ...query, ...page }).map((ticker) => ({ ticker, shard })),
    );
    const tickers = found.value.rows.map(({ ticker, shard }) => {
      const position = found.heads.get(shard) ?? 0;
      return { ...ticker, position, ...(this.only === undefined && { shard }) };
    });
    const next = found.value.hasMore ? tickers.at(-1)?.instrument : undefined;
    return { value: { tickers, ...(next !== undefined && { next }) }, heads: found.heads };
  }

  /** `after`: a position of each shard whose deals are wanted. They come shard after shard. */
  account(query: AccountsQuery): FoundIn<AccountView> {
    return accountOf(this.stores, query, this.only === undefined);
  }

  /** In the order in which they were promised, shard after shard; with several shards, with their places. */
  doubts(nowMs: number): FoundIn<readonly DoubtView[]> {
    const heads = new Map<number, number>();
    const doubts = [...this.stores].flatMap(([shard, store]) => {
      const { value, position } = store.find((queries) => queries.doubts(nowMs));
      heads.set(shard, position);
      return this.only === undefined ? value.map((doubt) => placed(shard, doubt)) : value;
    });
    return { value: doubts.slice(0, MAX_ROWS), heads };
  }

  /** A page of what there is one of for each instrument, shard after shard. */
  private listedPage<Row>(
    { after, limit }: InstrumentsQuery,
    rowsOf: (queries: StoreQueries, page: InstrumentsQuery, shard: number) => readonly Row[],
  ): FoundIn<Page<Row>> {
    const most = limited(limit);
    const rows: Row[] = [];
    const heads = new Map<number, number>();
    let isFound = after === undefined;
    for (const [shard, store] of this.stores) {
      if (rows.length > most) break;
      const { value, position } = store.find((queries) => {
        if (isFound) return rowsOf(queries, { limit: most + 1 - rows.length }, shard);
        const isHere = after !== undefined && queries.instrument(after) !== undefined;
        return isHere ? rowsOf(queries, { after, limit: most + 1 }, shard) : undefined;
      });
      if (value === undefined) continue;
      isFound = true;
      rows.push(...value);
      heads.set(shard, position);
    }
    if (!isFound) throw new InvalidQueryError('after: no such instrument is listed');
    return { value: { rows: rows.slice(0, most), hasMore: rows.length > most }, heads };
  }

  /** Shard after shard, from a place on. */
  private dealsAfter(query: DealsQuery, after: number): FoundIn<readonly DealView[]> {
    const limit = limited(query.limit);
    const rows: DealView[] = [];
    const heads = new Map<number, number>();
    for (const shard of this.stores.keys()) {
      if (shard < shardOfPlace(after) || rows.length >= limit) continue;
      const from = shard === shardOfPlace(after) ? positionOfPlace(after) : -1;
      rows.push(...this.dealsOf(shard, { ...query, after: from, limit: limit - rows.length }, heads));
    }
    return { value: rows, heads };
  }

  private latestDeals(query: DealsQuery): FoundIn<readonly DealView[]> {
    const limit = limited(query.limit);
    const heads = new Map<number, number>();
    const lists = [...this.stores.keys()].map((shard) => this.dealsOf(shard, { ...query, limit }, heads));
    return { value: latestOf(lists, limit), heads };
  }

  /** One shard's deals, if it is there, with their places. Only `before` is a place in the query, if any. Notes where they stand. */
  private dealsOf(shard: number | undefined, query: DealsQuery, heads: Map<number, number>): readonly DealView[] {
    const store = shard === undefined ? undefined : this.stores.get(shard);
    if (shard === undefined || store === undefined) return [];
    const { before } = query;
    if (before !== undefined && shardOfPlace(before) < shard) return [];
    const own = before !== undefined && shardOfPlace(before) === shard ? positionOfPlace(before) : undefined;
    const { value, position } = store.find((queries) => queries.deals({ ...query, before: own }));
    heads.set(shard, position);
    return value.map((deal) => placed(shard, deal));
  }
}
