import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { placeOf } from '../../../../projections/store/places.js';
import { QueryStore } from '../../../../projections/store/database/query-store.js';
import type { ShardLog } from '../../../../src/log/port.js';
import type { FedQueries } from '../../../support/http/fed-queries.js';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';
import { appOfShards, openShards } from '../../../support/http/shards.js';

/** What the whole log before a position comes to. */
async function storeAt<Value>(log: ShardLog, position: number, ask: (store: QueryStore) => Value): Promise<Value> {
  const store = new QueryStore(':memory:');
  for await (const batch of log.read(0)) if (batch.firstPosition + batch.count <= position) store.add(batch);
  store.commit();
  const answer = ask(store);
  store.close();
  return answer;
}

/** Lets `meanwhile` happen, and the store take it in, between the moment a list has waited for the store and the moment it asks it. */
function delayed(store: FedQueries, meanwhile: () => Promise<unknown>): void {
  const waitFor = store.waitFor.bind(store);
  store.waitFor = async (position, timeoutMs) => {
    const isThere = await waitFor(position, timeoutMs);
    store.waitFor = waitFor; // what happens meanwhile waits too
    await meanwhile();
    return isThere;
  };
}

describe('a list', () => {
  let market: Market;
  let app: FastifyInstance;
  beforeEach(async () => {
    market = await openMarket();
    app = appOf(market);
    await app.inject({ method: 'POST', url: '/v1/intentions', payload: aPost({ quantity: '1000' }) });
  });

  /** Bob sells 10 to alice, and the store holds it. */
  const dealAgain = async (): Promise<void> => {
    const payload = aPost({ participant: 'bob', side: 'sell', quantity: '10' });
    await app.inject({ method: 'POST', url: '/v1/intentions', payload });
    await market.store.waitFor(await market.log.head(), market.catchUpMs);
  };

  it.each(['/v1/deals', '/v1/positions', '/v1/intentions?participant=bob'])(
    'A list holds what stands before its position and nothing after it, whatever comes while it waits: %s',
    async (url) => {
      await dealAgain();
      delayed(market.store, dealAgain);
      const body: Record<string, unknown> = (await app.inject(url)).json();
      const position = Number(body.position);
      const [rows, wanted] = await storeAt(market.log, position, ({ checkpoint, queries }) => [
        body.deals ?? body.positions ?? body.intentions,
        [
          checkpoint.position,
          url === '/v1/deals'
            ? queries.deals()
            : url === '/v1/positions'
              ? queries.positions()
              : queries.intentions({ participant: 'bob' }),
        ],
      ]);
      expect([position, rows]).toEqual(wanted);
    },
  );

  it('A list is refused when its store has fallen back behind what it waited for', async () => {
    const { store } = market;
    const empty = new QueryStore(':memory:');
    store.find = (ask) => empty.find(ask); // as one that is being built again would
    expect((await app.inject('/v1/deals')).json()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  });
});

describe('a list of several shards', () => {
  it('A list of several shards gives of each shard that was asked the position of its rows', async () => {
    const shards = await openShards(2);
    const app = appOfShards(shards);
    const deal = async (shard: number): Promise<void> => {
      const terms = { instrument: 'ACME', price: '10', quantity: '1' };
      await shards.post(shard, { ...terms, participant: 'alice', side: 'buy' });
      await shards.post(shard, { ...terms, participant: 'bob', side: 'sell' });
      await shards.stores[shard]?.waitFor((await shards.logs[shard]?.head()) ?? 0, shards.deps.catchUpMs ?? 0);
    };
    for (const shard of [0, 1]) await shards.list(shard, 'ACME');
    for (const shard of [0, 1]) await deal(shard);
    for (const [shard, store] of shards.stores.entries()) delayed(store, () => deal(shard));
    const { deals, positionByShard } = (await app.inject('/v1/deals?after=0&limit=1000')).json<{
      deals: { id: string; position: number }[];
      positionByShard: Record<string, number>;
    }>();
    for (const [shard, log] of shards.logs.entries()) {
      const own = deals.filter(({ position }) => Math.floor(position / placeOf(1, 0)) === shard).map(({ id }) => id);
      const wanted = await storeAt(log, positionByShard[shard] ?? 0, ({ queries }) => queries.deals());
      expect(own).toEqual(wanted.map(({ id }) => id));
      expect(own).toHaveLength(2);
    }
  });
});
