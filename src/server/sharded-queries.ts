import { mergedPositions } from '../../projections/ledger/merged-positions.js';
import {
  placeOf,
  positionOfPlace,
  shardOfDeal,
  shardOfIntention,
  shardOfPlace,
} from '../../projections/store/places.js';
import { InvalidQueryError, limited } from '../../projections/store/query-terms.js';
import type {
  AbortedDealView,
  BookView,
  DealsQuery,
  DealView,
  Found,
  FoundIn,
  Heads,
  InstrumentView,
  IntentionsQuery,
  IntentionView,
  PositionsQuery,
  PositionView,
  Queries,
  ShardQueries,
  Subject,
} from './queries.js';

export interface ShardedQueriesOptions {
  /** The shard that lists an instrument, or would. Without it all are asked. */
  readonly shardOfInstrument?: ((symbol: string) => number) | undefined;
}

/**
 * Several shards' stores as one.
 *
 * 1. With one shard, every question and every answer is that shard's own.
 * 2. With several, the positions of deals, in rows and in `after` and `before`, are places (projections/store/places.ts): shard after
 *    shard, within each in log order. Intentions come by id, which is the same order; positions by names, added up.
 * 3. The latest deals of several shards are the latest by time, and come in the order of time. Their places do not, so who wants to
 *    page begins with `after`.
 */
export class ShardedQueries implements Queries {
  readonly shards: readonly number[];
  private readonly only: ShardQueries | undefined;

  constructor(
    private readonly stores: ReadonlyMap<number, ShardQueries>,
    private readonly options: ShardedQueriesOptions = {},
  ) {
    if (stores.size === 0) throw new RangeError('a server reads one shard at least');
    this.shards = [...stores.keys()].sort((one, other) => one - other);
    this.only = stores.size === 1 ? [...stores.values()][0] : undefined;
  }

  shardsOf({ intention, deal, instrument }: Subject): readonly number[] {
    const shard = this.homeOf({ intention, deal, instrument });
    if (shard === undefined) return intention === undefined && deal === undefined ? this.shards : [];
    return this.stores.has(shard) ? [shard] : [];
  }

  async deal(id: string): Promise<DealView | AbortedDealView | undefined> {
    if (this.only !== undefined) return (await this.only.deal(id)).value;
    const [shard] = this.shardsOf({ deal: id });
    if (shard === undefined) return undefined;
    const { value: deal } = await this.store(shard).deal(id);
    return deal && placed(shard, deal);
  }

  async deals(query: DealsQuery): Promise<FoundIn<readonly DealView[]>> {
    if (this.only !== undefined) return this.of(this.only.deals(query));
    const shards = this.shardsOf({ instrument: query.instrument });
    if (query.after !== undefined) return this.dealsAfter(shards, query, query.after);
    if (query.before === undefined) return this.latestDeals(shards, query);
    if (shards.length > 1) throw new InvalidQueryError('before: with several shards, give an instrument or after too');
    const heads = new Map<number, number>();
    return { value: await this.dealsOf(shards[0], { ...query, before: query.before }, heads), heads };
  }

  async intention(id: string): Promise<IntentionView | undefined> {
    if (this.only !== undefined) return (await this.only.intention(id)).value;
    const [shard] = this.shardsOf({ intention: id });
    return shard === undefined ? undefined : (await this.store(shard).intention(id)).value;
  }

  async intentionsByClientId(
    participant: string,
    clientIntentionId: string,
  ): Promise<FoundIn<readonly IntentionView[]>> {
    const { value, heads } = await this.ofAll((store) => store.intentionByClientId(participant, clientIntentionId));
    return { value: value.filter((intention) => intention !== undefined), heads };
  }

  async intentions(query: IntentionsQuery): Promise<FoundIn<readonly IntentionView[]>> {
    if (this.only !== undefined) return this.of(this.only.intentions(query));
    const limit = limited(query.limit);
    const first = query.after === undefined ? 0 : shardOfIntention(query.after);
    if (first === undefined) throw new InvalidQueryError('after: not the id of an intention');
    const rows: IntentionView[] = [];
    const heads = new Map<number, number>();
    for (const shard of this.shards) {
      if (shard < first || rows.length >= limit) continue;
      const { value, position } = await this.store(shard).intentions({ ...query, limit: limit - rows.length });
      rows.push(...value);
      heads.set(shard, position);
    }
    return { value: rows, heads };
  }

  async positions(query: PositionsQuery): Promise<FoundIn<readonly PositionView[]>> {
    if (this.only !== undefined) return this.of(this.only.positions(query));
    const limit = limited(query.limit);
    const { value, heads } = await this.ofAll((store) => store.positions({ ...query, limit, byName: true }));
    return { value: mergedPositions(value).slice(0, limit), heads };
  }

  async instruments(): Promise<FoundIn<readonly InstrumentView[]>> {
    const { value, heads } = await this.ofAll((store) => store.instruments());
    return { value: value.flat(), heads };
  }

  async instrument(symbol: string): Promise<Found<InstrumentView> | undefined> {
    for (const shard of this.shardsOf({ instrument: symbol })) {
      const { value: listed, position } = await this.store(shard).instruments();
      const value = listed.find((each) => each.symbol === symbol);
      if (value !== undefined) return { value, position };
    }
    return undefined;
  }

  async book(symbol: string, depth: number): Promise<BookView | undefined> {
    for (const shard of this.shardsOf({ instrument: symbol })) {
      const { value } = await this.store(shard).book(symbol, depth);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  caughtUpTo(shards: readonly number[]): Heads {
    return new Map(shards.map((shard) => [shard, this.store(shard).caughtUpTo]));
  }

  async waitFor(heads: Heads, timeoutMs: number): Promise<number | undefined> {
    const waits = [...heads].map(async ([shard, position]) => {
      const store = this.store(shard);
      return store.caughtUpTo >= position || (await store.waitFor(position, timeoutMs)) ? undefined : shard;
    });
    return (await Promise.all(waits)).find((behind) => behind !== undefined);
  }

  get troubles(): ReadonlyMap<number, string> {
    const troubles = new Map<number, string>();
    for (const [shard, { trouble }] of this.stores) if (trouble !== undefined) troubles.set(shard, trouble);
    return troubles;
  }

  private homeOf({ intention, deal, instrument }: Subject): number | undefined {
    // A server of one shard need not have the shard 0, nor ids of its own: it knows all there is.
    if (this.only !== undefined) return this.shards[0];
    if (intention !== undefined) return shardOfIntention(intention);
    if (deal !== undefined) return shardOfDeal(deal);
    return instrument === undefined ? undefined : this.options.shardOfInstrument?.(instrument);
  }

  private store(shard: number): ShardQueries {
    const store = this.stores.get(shard);
    if (store === undefined) throw new RangeError(`there is no shard ${shard}`);
    return store;
  }

  /** What the only shard was found to hold. */
  private async of<Value>(found: Found<Value> | Promise<Found<Value>>): Promise<FoundIn<Value>> {
    const { value, position } = await found;
    return { value, heads: new Map(this.shards.map((shard) => [shard, position])) };
  }

  private async ofAll<Value>(
    ask: (store: ShardQueries) => Found<Value> | Promise<Found<Value>>,
  ): Promise<FoundIn<Value[]>> {
    const found = await Promise.all(this.shards.map(async (shard) => [shard, await ask(this.store(shard))] as const));
    return {
      value: found.map(([, { value }]) => value),
      heads: new Map(found.map(([shard, { position }]) => [shard, position])),
    };
  }

  /** Shard after shard, from a place on. */
  private async dealsAfter(
    shards: readonly number[],
    query: DealsQuery,
    after: number,
  ): Promise<FoundIn<readonly DealView[]>> {
    const limit = limited(query.limit);
    const rows: DealView[] = [];
    const heads = new Map<number, number>();
    for (const shard of shards) {
      if (shard < shardOfPlace(after) || rows.length >= limit) continue;
      const from = shard === shardOfPlace(after) ? positionOfPlace(after) : -1;
      rows.push(...(await this.dealsOf(shard, { ...query, after: from, limit: limit - rows.length }, heads)));
    }
    return { value: rows, heads };
  }

  private async latestDeals(shards: readonly number[], query: DealsQuery): Promise<FoundIn<readonly DealView[]>> {
    const limit = limited(query.limit);
    const heads = new Map<number, number>();
    const lists = await Promise.all(shards.map((shard) => this.dealsOf(shard, { ...query, limit }, heads)));
    return { value: latestOf(lists, limit), heads };
  }

  /** One shard's deals, if it is there, with their places. Only `before` is a place in the query, if any. Notes where they stand. */
  private async dealsOf(
    shard: number | undefined,
    query: DealsQuery,
    heads: Map<number, number>,
  ): Promise<readonly DealView[]> {
    if (shard === undefined) return [];
    const { before } = query;
    if (before !== undefined && shardOfPlace(before) < shard) return [];
    const own = before !== undefined && shardOfPlace(before) === shard ? positionOfPlace(before) : undefined;
    const { value, position } = await this.store(shard).deals({ ...query, before: own });
    heads.set(shard, position);
    return value.map((deal) => placed(shard, deal));
  }
}

/** With its place instead of its position. */
export function placed<Deal extends DealView | AbortedDealView>(shard: number, deal: Deal): Deal {
  return { ...deal, position: placeOf(shard, deal.position) };
}

/** The last ones by time, in the order of time; each list keeps its own order, whatever its clock did. */
export function latestOf(lists: readonly (readonly DealView[])[], limit: number): DealView[] {
  const left = lists.map((list) => [...list]);
  const latest: DealView[] = [];
  while (latest.length < limit) {
    const next = left.reduce((best, list) => ((list.at(-1)?.at ?? '') > (best.at(-1)?.at ?? '') ? list : best));
    const deal = next.pop();
    if (deal === undefined) break;
    latest.push(deal);
  }
  return latest.reverse();
}
