import type { Found, FoundIn } from '../queries/found.js';
import type { StoreQueries } from '../queries/queries.js';
import type { StoreMoment } from '../queries/store-moment.js';
import type { DealsAround, TimelineQuery, TimelineView } from '../queries/timeline.js';

/** One shard's store, as far as it is asked. */
export interface AskedStore {
  /** What a question comes to, and the position that the very rows stand at which it was answered from; or as of a past moment. */
  find<Value>(ask: (queries: StoreQueries) => Value, moment?: StoreMoment): Found<Value>;
}

/** The stores that a question is for, and what is asked of one of them alone. */
export abstract class AskedStores {
  protected readonly only: AskedStore | undefined;

  /** `stores` in ascending order of their shards. `isOnly`: the server reads no other shard. */
  constructor(
    protected readonly stores: ReadonlyMap<number, AskedStore>,
    isOnly: boolean,
  ) {
    this.only = isOnly ? [...stores.values()][0] : undefined;
  }

  /** Of one shard, like the next: its positions are that shard’s own. */
  timeline(query: TimelineQuery): FoundIn<TimelineView> {
    return this.ofOnly(({ line }) => line.timeline(query));
  }

  dealsAround(position: number, head: number): FoundIn<DealsAround> {
    return this.ofOnly(({ line }) => line.dealsAround(position, head));
  }

  /** What the first store has that has it. */
  protected first<Value>(ask: (queries: StoreQueries, shard: number) => Value | undefined): FoundIn<Value | undefined> {
    const heads = new Map<number, number>();
    for (const [shard, store] of this.stores) {
      const { value, position } = store.find((queries) => ask(queries, shard));
      heads.set(shard, position);
      if (value !== undefined) return { value, heads };
    }
    return { value: undefined, heads };
  }

  protected ofOnly<Value>(ask: (queries: StoreQueries) => Value): FoundIn<Value> {
    const { value, heads } = this.ofAll(ask);
    const [only] = value;
    return { value: only as Value, heads }; // there is one store, so one value
  }

  protected ofAll<Value>(ask: (queries: StoreQueries) => Value): FoundIn<Value[]> {
    const found = [...this.stores].map(([shard, store]) => [shard, store.find(ask)] as const);
    return {
      value: found.map(([, { value }]) => value),
      heads: new Map(found.map(([shard, { position }]) => [shard, position])),
    };
  }
}
