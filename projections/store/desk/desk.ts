import { messageOf } from '../../../src/log/message-of.js';
import { withDeadline } from '../../../src/resilience/deadline.js';
import { isDamage } from '../database/database.js';
import type { FoundIn } from '../queries/found.js';
import { isList, isWhole, listText, wholeText } from '../queries/list-text.js';
import type { StoreMoment } from '../queries/store-moment.js';

import { type Answer, type Asked, QueryFailedError, type Question } from './protocol.js';
import type { AskedStore } from './asked-stores.js';
import { type QueryName, ShardedQueries } from './sharded-queries.js';
import { QueryTurns } from './query-turns.js';

/** One shard's store, and who keeps it on its log. */
export interface FollowedStore extends AskedStore {
  /** True once the store shows all events before the position, false when it does not within the time. Rejects when it never will. */
  waitFor(position: number, timeoutMs: number): Promise<boolean>;
  /** Called when the database turns out to be damaged. */
  damaged?(error: unknown): void;
}

interface Place {
  /** Undefined while the first store is not there yet. */
  store?: FollowedStore | undefined;
  /** Why there is none. */
  refusal?: { readonly why: string; readonly code: string } | undefined;
  /** Resolves once there is a store, or a refusal. */
  readonly opened: Promise<void>;
  readonly open: () => void;
}

const IN_USE_MS = 10_000;

/** These look at a row or two. */
const short: ReadonlySet<QueryName> = new Set([
  ...(['deal', 'intention', 'intentionOfClientId', 'intentionsByClientId', 'instrument', 'ticker'] as const),
  'dealsAround',
]);

/**
 * Answers questions about the stores of all shards that a process reads.
 *
 * 1. Each question is answered: by the stores, or with the reason why not. One that comes before a shard's first store waits for it.
 * 2. An answer shows all events before the positions that were asked for, and says where its rows stand.
 * 3. Questions that wait for a position take no turn; those that are ready take turns, by the share that they count on.
 * 4. Nobody waits longer than the question allows.
 */
export class QueryDesk implements Asked {
  private readonly places: ReadonlyMap<number, Place>;
  private readonly turns = new QueryTurns();
  private askedMs = Number.NEGATIVE_INFINITY;

  constructor(shards: readonly number[]) {
    this.places = new Map(
      shards.map((shard) => {
        let open = (): void => undefined;
        const opened = new Promise<void>((resolve) => (open = resolve));
        return [shard, { opened, open }];
      }),
    );
  }

  /** From now on this store answers for the shard. */
  serve(shard: number, store: FollowedStore): void {
    const place = this.placeOf(shard);
    place.store = store;
    place.refusal = undefined;
    place.open();
  }

  /** From now on nothing does. STORE_SUSPENDED is for one that comes back when somebody has made room for it. */
  refuse(shard: number, why: string, code: 'STORE_GONE' | 'STORE_SUSPENDED' = 'STORE_GONE'): void {
    const place = this.placeOf(shard);
    place.store = undefined;
    place.refusal = { why, code };
    place.open();
  }

  /** Whether somebody has asked lately, and so will again. */
  get isInUse(): boolean {
    return performance.now() - this.askedMs < IN_USE_MS;
  }

  async answer(question: Question): Promise<Answer> {
    this.askedMs = performance.now();
    const deadlineMs = this.askedMs + question.timeoutMs;
    try {
      await this.reached(question, deadlineMs);
      return await this.turns.take(question.share, short.has(question.query), () => {
        if (performance.now() > deadlineMs) throw new QueryFailedError('STORE_BUSY', 'its turn did not come in time');
        return { ok: true, ...this.look(question) };
      });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'QUERY_FAILED';
      const shard = error instanceof QueryFailedError ? error.shard : undefined;
      return { ok: false, code, message: messageOf(error), shard };
    }
  }

  /** Waits until all stores that are asked are there, and have come as far as they must. */
  private async reached({ atLeast }: Question, deadlineMs: number): Promise<void> {
    const waits = [...atLeast].map(async ([shard, position]) => {
      const place = this.placeOf(shard);
      if (place.store === undefined && place.refusal === undefined) {
        await withDeadline(place.opened, deadlineMs - performance.now(), () => {
          throw new QueryFailedError('STORE_BEHIND', `the store of shard ${shard} is not open yet`, shard);
        });
      }
      const store = storeOf(place, shard);
      const isThere = await store.waitFor(position, Math.max(0, deadlineMs - performance.now()));
      if (!isThere) throw behind(shard, position);
    });
    await Promise.all(waits);
  }

  private look({ query, values, atLeast, moments }: Question): FoundIn<unknown> {
    const stores = new Map([...atLeast.keys()].map((shard) => [shard, this.lookInto(shard, moments?.get(shard))]));
    const isOnly = this.places.size === 1;
    const queries = new ShardedQueries(stores, isOnly);
    const named = queries as unknown as Readonly<
      Record<QueryName, (...values: readonly unknown[]) => FoundIn<unknown>>
    >; // the asker pairs each name with its values
    const found = named[query](...values);
    for (const [shard, position] of found.heads) {
      // A store that is rebuilt in between goes back.
      const wanted = atLeast.get(shard) ?? 0;
      if (position < wanted) throw behind(shard, wanted);
    }
    if (isWhole(query)) {
      const { value, heads } = found as FoundIn<object | undefined>; // what such a question is answered with
      return { value: value && wholeText(query, { value, heads }, isOnly), heads };
    }
    if (!isList(query)) return found;
    return { value: listText(query, found as FoundIn<readonly object[]>, isOnly), heads: found.heads }; // a list has rows
  }

  private lookInto(shard: number, moment: StoreMoment | undefined): AskedStore {
    const store = storeOf(this.placeOf(shard), shard);
    return {
      find: (ask) => {
        try {
          return store.find(ask, moment);
        } catch (error) {
          if (!isDamage(error)) throw error;
          store.damaged?.(error);
          throw new QueryFailedError('STORE_DAMAGED', 'the query store is damaged, and is being rebuilt', shard);
        }
      },
    };
  }

  private placeOf(shard: number): Place {
    const place = this.places.get(shard);
    if (place === undefined) throw new RangeError(`there is no shard ${shard}`);
    return place;
  }
}

function storeOf({ store, refusal }: Place, shard: number): FollowedStore {
  if (store === undefined)
    throw new QueryFailedError(refusal?.code ?? 'STORE_GONE', refusal?.why ?? 'there is no query store', shard);
  return store;
}

function behind(shard: number, position: number): QueryFailedError {
  return new QueryFailedError(
    'STORE_BEHIND',
    `the store of shard ${shard} has not reached position ${position}`,
    shard,
  );
}
