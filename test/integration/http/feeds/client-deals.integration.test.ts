import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Deal, type DealFeedFilter, ParleyClient } from '../../../../src/client/index.js';
import { clientOf, post, retry } from '../../../support/http/client.js';
import { keyFile } from '../../../support/http/key-file.js';
import { listen, type Market, openMarket } from '../../../support/http/market.js';
import { appOfShards, openShards } from '../../../support/http/shards.js';
import { Cut } from '../../../support/servers/cut.js';

let market: Market;
let posts = 0;
beforeEach(async () => {
  market = await openMarket();
});

/** One deal of alice’s with bob, or with another. */
async function deal(seller = 'bob', instrument = 'ACME'): Promise<void> {
  for (const [participant, side] of [
    ['alice', 'buy'],
    [seller, 'sell'],
  ] as const) {
    const answer = await market.exchange.post({
      ...post(`d-${++posts}`, { participant, side, instrument }),
      participant,
    });
    expect(answer.ok).toBe(true);
  }
}

const idsOf = (deals: readonly Deal[]): string[] => deals.map(({ id }) => id);

/** Follows in the background, and keeps what comes. */
function following(
  client: ParleyClient,
  filter: DealFeedFilter = {},
): { readonly seen: string[]; readonly ended: Promise<void> } {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const seen: string[] = [];
  const ended = (async () => {
    for await (const deals of client.followDeals({ ...filter, signal: stop.signal })) seen.push(...idsOf(deals));
  })();
  ended.catch(() => undefined);
  return { seen, ended };
}

async function allOf(filter: DealFeedFilter = {}): Promise<string[]> {
  const { url } = await listen(market);
  return idsOf(await new ParleyClient({ url }).deals({ limit: 1_000, ...filter }));
}

describe('the client’s feed of deals', () => {
  it('The client’s feed of deals goes on over connections that are cut, none missing and none twice', async () => {
    const { url } = await listen(market);
    const way = await Cut.open({ target: new URL(url).host });
    onTestFinished(() => way.close());
    const client = new ParleyClient({ url: `http://${way.address}`, retry });
    for (let count = 0; count < 3; count++) await deal();
    const { seen } = following(client, { latest: 2 });
    await expect.poll(() => seen.length).toBe(2);
    for (let round = 0; round < 4; round++) {
      await deal();
      if (round % 2 === 0) await expect.poll(() => seen.length).toBe(3 + 3 * round);
      await way.cut();
      await deal();
      await deal();
      await way.resume();
      await expect.poll(() => seen.length).toBe(5 + 3 * round);
    }
    expect(seen).toEqual((await allOf()).slice(1));
  });

  it('The client’s feed of deals begins after a position, and shows what its filter chooses', async () => {
    await market.exchange.list({ symbol: 'EMCA', tickSize: '0.01', lotSize: '1' });
    const client = await clientOf(market);
    await deal();
    await deal('carol');
    const [first] = await client.deals();
    const after = following(client, { after: first?.position });
    const carols = following(client, { participant: 'carol', latest: 0 });
    const emca = following(client, { instrument: 'EMCA' });
    await expect.poll(() => after.seen.length).toBe(1);
    await deal('carol');
    await deal('carol', 'EMCA');
    await deal('bob');
    const all = await allOf();
    await expect.poll(() => after.seen).toEqual(all.slice(1));
    await expect.poll(() => emca.seen).toEqual(all.slice(3, 4));
    await expect.poll(() => carols.seen).toEqual(all.slice(2, 4));
  });

  it('The client’s feed of deals shows a participant its own, though it may not follow the events', async () => {
    const client = await clientOf(market, { keyFile: await keyFile(), key: 'bobs-long-key' });
    await deal('bob');
    const { seen } = following(client);
    await expect.poll(() => seen.length).toBe(1);
    await deal('carol');
    await deal('bob');
    await expect.poll(() => seen.length).toBe(2);
    expect(seen).toEqual(await allOf({ participant: 'bob' }));
  });

  it('The client’s feed of deals ends when it is refused, and when its signal aborts', async () => {
    const client = await clientOf(market, { keyFile: await keyFile(), key: 'market-data-key' });
    await expect(client.followDeals().next()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const stop = new AbortController();
    const feed = (await clientOf(market)).followDeals({ signal: stop.signal });
    expect(await feed.next()).toMatchObject({ done: false, value: [] });
    const end = feed.next();
    stop.abort();
    expect(await end).toMatchObject({ done: true });
  });

  it('The client’s feed of deals of several shards shows those of each in its order, also from a place on', async () => {
    const shards = await openShards(3);
    const app = appOfShards(shards);
    const client = new ParleyClient({ url: await app.listen({ host: '127.0.0.1', port: 0 }), retry });
    const dealIn = async (shard: number): Promise<void> => {
      for (const [participant, side] of [
        ['alice', 'buy'],
        ['bob', 'sell'],
      ] as const)
        await shards.post(shard, { participant, side, instrument: `IN${shard}`, price: '5', quantity: '1' });
    };
    for (const shard of [0, 1, 2]) await shards.list(shard, `IN${shard}`);
    for (const shard of [0, 1, 1, 2]) await dealIn(shard);
    const sortedFrom = async (after: number): Promise<string[]> => idsOf(await client.deals({ after })).sort();
    const so = await client.deals({ after: 0 });
    const all = following(client);
    const onward = following(client, { after: so[1]?.position });
    await expect.poll(() => all.seen.length).toBe(4);
    await expect.poll(() => onward.seen.length).toBe(2);
    for (const shard of [2, 0, 1, 0]) await dealIn(shard);
    await expect.poll(() => [...all.seen].sort()).toEqual(await sortedFrom(0));
    // The new ones of shard 0 are new, though they stand before the place.
    const old = idsOf(so.slice(0, 2));
    await expect.poll(() => [...onward.seen].sort()).toEqual((await sortedFrom(0)).filter((id) => !old.includes(id)));
  });
});
