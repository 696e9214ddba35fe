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
  DealsQuery,
  DealView,
  Heads,
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
    if (this.only !== undefined) return this.only.deal(id);
    const [shard] = this.shardsOf({ deal: id });
    if (shard === undefined) return undefined;
    const deal = await this.store(shard).deal(id);
    return deal && placed(shard, deal);
  }

  async deals(query: DealsQuery): Promise<readonly DealView[]> {
    if (this.only !== undefined) return this.only.deals(query);
    const shards = this.shardsOf({ instrument: query.instrument });
    if (query.after !== undefined) return this.dealsAfter(shards, query, query.after);
    if (query.before === undefined) return this.latestDeals(shards, query);
    if (shards.length > 1) throw new InvalidQueryError('before: with several shards, give an instrument or after too');
    return this.dealsOf(shards, { ...query, before: query.before });
  }

  async intention(id: string): Promise<IntentionView | undefined> {
    if (this.only !== undefined) return this.only.intention(id);
    const [shard] = this.shardsOf({ intention: id });
    return shard === undefined ? undefined : this.store(shard).intention(id);
  }

  async intentionsByClientId(participant: string, clientIntentionId: string): Promise<readonly IntentionView[]> {
    const found = await this.ofAll((store) => store.intentionByClientId(participant, clientIntentionId));
    return found.filter((intention) => intention !== undefined);
  }

  async intentions(query: IntentionsQuery): Promise<readonly IntentionView[]> {
    if (this.only !== undefined) return this.only.intentions(query);
    const limit = limited(query.limit);
    const first = query.after === undefined ? 0 : shardOfIntention(query.after);
    if (first === undefined) throw new InvalidQueryError('after: not the id of an intention');
    const rows: IntentionView[] = [];
    for (const shard of this.shards) {
      if (shard < first || rows.length >= limit) continue;
      rows.push(...(await this.store(shard).intentions({ ...query, limit: limit - rows.length })));
    }
    return rows;
  }

  async positions(query: PositionsQuery): Promise<readonly PositionView[]> {
    if (this.only !== undefined) return this.only.positions(query);
    const limit = limited(query.limit);
    const lists = await this.ofAll((store) => store.positions({ ...query, limit, byName: true }));
    return mergedPositions(lists).slice(0, limit);
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

  private ofAll<Value>(ask: (store: ShardQueries) => Value | Promise<Value>): Promise<Value[]> {
    return Promise.all(this.shards.map(async (shard) => ask(this.store(shard))));
  }

  /** Shard after shard, from a place on. */
  private async dealsAfter(shards: readonly number[], query: DealsQuery, after: number): Promise<readonly DealView[]> {
    const limit = limited(query.limit);
    const rows: DealView[] = [];
    for (const shard of shards) {
      if (shard < shardOfPlace(after) || rows.length >= limit) continue;
      const from = shard === shardOfPlace(after) ? positionOfPlace(after) : -1;
      rows.push(...(await this.dealsOf([shard], { ...query, after: from, limit: limit - rows.length })));
    }
    return rows;
  }

  private async latestDeals(shards: readonly number[], query: DealsQuery): Promise<readonly DealView[]> {
    const limit = limited(query.limit);
    const lists = await Promise.all(shards.map((shard) => this.dealsOf([shard], { ...query, limit })));
    return latestOf(lists, limit);
  }

  /** One shard's deals, if it is there, with their places. Only `before` is a place in the query, if any. */
  private async dealsOf([shard]: readonly number[], query: DealsQuery): Promise<readonly DealView[]> {
    if (shard === undefined) return [];
    const { before } = query;
    if (before === undefined) return (await this.store(shard).deals(query)).map((deal) => placed(shard, deal));
    if (shardOfPlace(before) < shard) return [];
    const own = shardOfPlace(before) === shard ? positionOfPlace(before) : undefined;
    return (await this.store(shard).deals({ ...query, before: own })).map((deal) => placed(shard, deal));
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
