import { type FollowedStore, QueryDesk } from '../../../projections/store/desk/desk.js';
import { FollowingEndedError } from '../../../projections/store/follower.js';
import type { Found } from '../../../projections/store/queries/found.js';
import type { StoreQueries } from '../../../projections/store/queries/queries.js';
import type { StoreMoment } from '../../../projections/store/queries/store-moment.js';
import { QueryStore } from '../../../projections/store/database/query-store.js';
import { PositionWaiters } from '../../../projections/store/desk/waiters.js';
import type { ShardLog } from '../../../src/log/port.js';
import { ShardStores, type ShardStoresOptions } from '../../../projections/store/reading/shard-stores.js';

/** The real query store in memory, fed from the log as it grows. A stand-in only for the thread that would feed it: it can be held up. */
export class FedQueries implements FollowedStore {
  readonly #store = new QueryStore(':memory:');
  readonly #ending = new AbortController();
  readonly #waiters = new PositionWaiters();
  #held: Promise<void> | undefined;
  #release: () => void = () => undefined;
  /** Called whenever it has come further. */
  onProgress: () => void = () => undefined;
  /** Why it does not keep up. */
  trouble: string | undefined;

  constructor(log: ShardLog) {
    void this.#feed(log);
  }

  /** From now on it falls behind, until `release`. */
  hold(): void {
    this.#held ??= new Promise((resolve) => (this.#release = resolve));
  }

  release(): void {
    this.#held = undefined;
    this.#release();
  }

  get caughtUpTo(): number {
    return this.#store.checkpoint.position;
  }

  waitFor(position: number, timeoutMs: number): Promise<boolean> {
    return this.#waiters.waitFor(position, timeoutMs, this.caughtUpTo);
  }

  /** Whether a read waits for what it does not hold yet. */
  get isAwaited(): boolean {
    return this.#waiters.isAwaited(Number.MAX_SAFE_INTEGER);
  }

  async #feed(log: ShardLog): Promise<void> {
    for await (const batch of log.follow(0, this.#ending.signal)) {
      if (this.#held !== undefined) await this.#held;
      this.#store.add(batch);
      this.#store.commit();
      this.#waiters.reached(this.caughtUpTo);
      this.onProgress();
    }
  }

  find<Value>(ask: (queries: StoreQueries) => Value, moment?: StoreMoment): Found<Value> {
    return this.#store.find(ask, moment);
  }

  end(): void {
    this.release();
    this.#ending.abort();
    this.#waiters.end(new FollowingEndedError());
  }
}

/** These stores behind a real QueryDesk, in this thread. */
export function deskOf(
  stores: ReadonlyMap<number, FedQueries>,
  options: Pick<ShardStoresOptions, 'shardOfInstrument'> = {},
): ShardStores {
  const shards = [...stores.keys()];
  const desk = new QueryDesk(shards);
  for (const [shard, store] of stores) desk.serve(shard, store);
  const progress = {
    caughtUpTo: (shard: number) => stores.get(shard)?.caughtUpTo ?? -1,
    trouble: (shard: number) => stores.get(shard)?.trouble,
    onProgress: (listener: () => void) => {
      for (const store of stores.values()) store.onProgress = listener;
    },
  };
  return new ShardStores({ shards, desk, progress, ...options });
}
