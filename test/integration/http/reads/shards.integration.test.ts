import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { placeOf } from '../../../../projections/store/places.js';
import { ParleyClient } from '../../../../src/client/index.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { startServer } from '../../../../src/server/server.js';
import { retry } from '../../../support/http/client.js';
import { deskOf } from '../../../support/http/fed-queries.js';
import { openFeed } from '../../../support/http/feed.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { appOfShards, openShards, type Shards } from '../../../support/http/shards.js';

let shards: Shards;
let app: FastifyInstance;
/** Of alice's intentions, by their shard. */
let ids: string[];

/** In each of three shards alice buys 10, of which bob sells 4 and then 6: ACME in the first and the last, EMCA in between. */
beforeEach(async () => {
  shards = await openShards(3);
  app = appOfShards(shards);
  ids = [];
  for (const [shard, instrument] of ['ACME', 'EMCA', 'ACME'].entries()) {
    await shards.list(shard, instrument, shard === 2 ? '0.5' : '1');
    const terms = { instrument, price: String(100 + shard) };
    const buy = { participant: 'alice', side: 'buy', quantity: '10', clientIntentionId: 'same' } as const;
    ids.push(await shards.post(shard, { ...terms, ...buy }));
    await shards.post(shard, { ...terms, participant: 'bob', side: 'sell', quantity: '4' });
    await shards.post(shard, { ...terms, participant: 'bob', side: 'sell', quantity: '6' });
  }
});

interface Body {
  deals: { id: string; position: number }[];
  intentions: { id: string }[];
  positions: { participant: string; instrument: string }[];
  position?: number;
  positionByShard?: Record<string, number>;
  code?: string;
  detail?: string;
}

const get = async (url: string, headers: Record<string, string> = {}) =>
  (await app.inject({ method: 'GET', url, headers })).json<Body>();
const dealIds = () => ids.flatMap((id) => [`${id}-1`, `${id}-2`]);
const idAt = (shard: number): string => ids[shard] ?? '';

describe('what has an id', () => {
  it('What has an id is found in the shard that its id tells', async () => {
    expect(ids).toEqual(['1', String(2 ** 32 + 1), String(2 ** 33 + 1)]);
    for (const [shard, id] of ids.entries()) {
      expect(await get(`/v1/intentions/${id}`)).toMatchObject({ id, participant: 'alice', filled: /^10/ });
      expect(await get(`/v1/deals/${id}-2`)).toMatchObject({ id: `${id}-2`, price: String(100 + shard) });
    }
  });

  it.each([String(5 * 2 ** 32 + 1), String(2 ** 32 + 77), 'x', '9'.repeat(30)])(
    'What has an id is not known when no shard has it: %s',
    async (id) => {
      expect(await get(`/v1/intentions/${id}`)).toMatchObject({ status: 404, code: 'UNKNOWN_INTENTION' });
      expect(await get(`/v1/deals/${id}-1`)).toMatchObject({ status: 404, code: 'UNKNOWN_DEAL' });
    },
  );
});

describe('GET /v1/deals', () => {
  it('GET /v1/deals goes through all shards page by page, none missing and none twice', async () => {
    for (const limit of [1, 2, 4, 100]) {
      const found: string[] = [];
      for (let after = 0; ;) {
        const { deals } = await get(`/v1/deals?after=${after}&limit=${limit}`);
        expect(deals.length).toBeLessThanOrEqual(limit);
        found.push(...deals.map(({ id }) => id));
        const last = deals.at(-1);
        if (last === undefined) break;
        after = last.position;
      }
      expect(found).toEqual(dealIds());
    }
  });

  it('GET /v1/deals gives each deal the place that `after` takes, also where it is shown alone', async () => {
    const { deals } = await get('/v1/deals?after=0');
    for (const { id, position } of deals) expect(await get(`/v1/deals/${id}`)).toMatchObject({ position });
    const shard = shards.logs[1];
    expect(deals[2]?.position).toBeGreaterThan(placeOf(1, 0));
    expect(deals[2]?.position).toBeLessThan(placeOf(1, (await shard?.head()) ?? 0));
  });

  it('GET /v1/deals filters across shards', async () => {
    const list = async (query: string) => (await get(`/v1/deals?after=0&${query}`)).deals.map(({ id }) => id);
    expect(await list('instrument=EMCA')).toEqual(dealIds().slice(2, 4));
    expect(await list('participant=bob&instrument=ACME')).toEqual([...dealIds().slice(0, 2), ...dealIds().slice(4)]);
    expect(await list(`intention=${idAt(2)}`)).toEqual(dealIds().slice(4));
    expect(await list('participant=nobody')).toEqual([]);
  });

  it('GET /v1/deals refuses to page back through several shards, for their latest come by time', async () => {
    expect(await get(`/v1/deals?before=${placeOf(1, 0)}`)).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
    const between = await get(`/v1/deals?after=0&before=${placeOf(1, 0)}`);
    expect(between.deals.map(({ id }) => id)).toEqual(dealIds().slice(0, 2));
  });

  it('GET /v1/deals says up to where it holds everything, for each shard', async () => {
    const { position, positionByShard } = await get('/v1/deals');
    expect(position).toBeUndefined();
    const heads = await Promise.all(shards.logs.map((log) => log.head()));
    expect(positionByShard).toEqual({ 0: heads[0], 1: heads[1], 2: heads[2] });
  });
});

describe('GET /v1/intentions', () => {
  it('GET /v1/intentions goes through all shards by id', async () => {
    const all = (await get('/v1/intentions?participant=bob')).intentions.map(({ id }) => id);
    expect(all).toHaveLength(6);
    const paged: string[] = [];
    for (let after = '0'; ;) {
      const { intentions } = await get(`/v1/intentions?participant=bob&limit=3&after=${after}`);
      expect(intentions.length).toBeLessThanOrEqual(3);
      if (intentions.length === 0) break;
      paged.push(...intentions.map(({ id }) => id));
      after = paged.at(-1) ?? '';
    }
    expect(paged).toEqual(all);
    expect(all.map(Number)).toEqual(all.map(Number).sort((one, other) => one - other));
  });

  it('GET /v1/intentions finds one client’s id in every shard that knows it', async () => {
    const { intentions } = await get('/v1/intentions?participant=alice&clientIntentionId=same');
    expect(intentions.map(({ id }) => id)).toEqual(ids);
  });

  it('GET /v1/intentions refuses an after that is no id', async () => {
    expect(await get('/v1/intentions?participant=alice&after=x')).toMatchObject({ code: 'INVALID_COMMAND' });
  });
});

describe('GET /v1/positions', () => {
  const both = {
    alice: [
      { participant: 'alice', instrument: 'ACME', bought: '20.0', sold: '0.0', net: '20.0', cash: '-2020.0' },
      { participant: 'alice', instrument: 'EMCA', bought: '10', sold: '0', net: '10', cash: '-1010' },
    ],
    bob: [
      { participant: 'bob', instrument: 'ACME', bought: '0.0', sold: '20.0', net: '-20.0', cash: '2020.0' },
      { participant: 'bob', instrument: 'EMCA', bought: '0', sold: '10', net: '-10', cash: '1010' },
    ],
  };

  it('GET /v1/positions adds up what one has of an instrument in several shards', async () => {
    expect((await get('/v1/positions')).positions).toEqual([...both.alice, ...both.bob]);
    expect((await get('/v1/positions?participant=bob')).positions).toEqual(both.bob);
  });

  it('GET /v1/positions goes page by page by the names', async () => {
    const found: Body['positions'] = [];
    for (let after = ''; ;) {
      const { positions } = await get(`/v1/positions?limit=1${after}`);
      const [position] = positions;
      if (position === undefined) break;
      found.push(position);
      after = `&after=${position.participant}/${position.instrument}`;
    }
    expect(found).toEqual([...both.alice, ...both.bob]);
  });
});

describe('a read', () => {
  it('A read sees what was written in any shard before it was asked', async () => {
    const terms = { instrument: 'EMCA', side: 'buy', price: '1', quantity: '1', participant: 'carol' } as const;
    for (let count = 1; count <= 20; count++) {
      const id = await shards.post(1, terms);
      expect(await get(`/v1/intentions/${id}`)).toMatchObject({ id });
      expect((await get('/v1/intentions?participant=carol')).intentions).toHaveLength(count);
    }
  });

  it('A read waits for the shards that it is about, and for no others', async () => {
    shards.stores[1]?.hold();
    await shards.post(1, { instrument: 'EMCA', side: 'buy', price: '1', quantity: '1', participant: 'carol' });
    expect(await get(`/v1/intentions/${idAt(0)}`)).toMatchObject({ id: idAt(0) });
    expect(await get(`/v1/deals/${idAt(2)}-1`)).toMatchObject({ outcome: 'confirmed' });
    const hasty = appOfShards(shards, { catchUpMs: 1 });
    for (const url of [`/v1/intentions/${idAt(1)}`, '/v1/deals', '/v1/positions', '/v1/intentions?participant=bob']) {
      const answer = (await hasty.inject(url)).json<Body>();
      expect(answer).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
      expect(answer.detail).toContain('log position 1/');
    }
  });

  it('A read is answered 503 within its time when a log does not say how far it is', async () => {
    const { logs } = shards;
    const [first, second] = logs;
    if (first === undefined || second === undefined) throw new Error('there are three');
    second.head = () => Promise.reject(new Error('the broker is away'));
    expect(await get(`/v1/intentions/${idAt(1)}`)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    second.head = () => new Promise(() => undefined);
    const hasty = appOfShards(shards, { catchUpMs: 1 });
    expect((await hasty.inject('/v1/deals')).json()).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(await get(`/v1/intentions/${idAt(0)}`)).toMatchObject({ id: idAt(0) });
  });

  it('A read asks one shard alone for an instrument whose shard is known', async () => {
    const stores = new Map(shards.stores.entries());
    app = appOfShards(shards, { stores: deskOf(stores, { shardOfInstrument: () => 1 }) });
    shards.stores[0]?.hold();
    await shards.post(0, { instrument: 'ACME', side: 'buy', price: '1', quantity: '1', participant: 'carol' });
    const { deals, positionByShard } = await get('/v1/deals?instrument=EMCA');
    expect(deals.map(({ id }) => id)).toEqual(dealIds().slice(2, 4));
    expect(Object.keys(positionByShard ?? {})).toEqual(['1']);
    const before = deals[1]?.position ?? 0;
    expect((await get(`/v1/deals?instrument=EMCA&before=${before}`)).deals).toHaveLength(1);
  });
});

describe('GET /v1/events', () => {
  const listen = async () => {
    const server = await startServer({ ...shards.deps, port: 0, stopMs: 500 });
    return server;
  };

  it('GET /v1/events follows the log of the shard that is named, the first unless one is', async () => {
    const server = await listen();
    for (const [query, stream, instrument] of [
      ['?from=0&shard=1', 'shard-1', 'EMCA'],
      ['?from=0', 'shard-0', 'ACME'],
    ] as const) {
      const feed = await openFeed(`${server.url}/v1/events${query}`);
      const events = await feed.take(3);
      expect(events.map(({ id }) => id)).toEqual(['0', '1', '2']);
      expect(events.map(({ data }) => data)).toContainEqual(
        expect.objectContaining({ stream, type: 'InstrumentListed', symbol: instrument }),
      );
    }
    await server.stop();
  });

  it('GET /v1/events follows the log of a stream’s shard, also for the participant whose it is', async () => {
    const server = await startServer({ ...shards.deps, port: 0, stopMs: 500, keyFile: await keyFile() });
    const feed = await openFeed(`${server.url}/v1/events?from=0&stream=intention-${idAt(2)}`, as.alice);
    expect((await feed.take(1))[0]?.data).toMatchObject({ stream: `intention-${idAt(2)}`, type: 'IntentionPosted' });
    await server.stop();
  });

  it('GET /v1/events of any shard is taken on by the client', async () => {
    const server = await listen();
    const client = new ParleyClient({ url: server.url, retry });
    for await (const event of client.events({ from: 0, shard: 2 })) {
      expect(event).toMatchObject({ position: 0, stream: 'shard-2' });
      break;
    }
    await server.stop();
  });

  it('GET /v1/events does not know a shard that there is not', async () => {
    const answer = await get('/v1/events?shard=3');
    expect(answer).toMatchObject({
      status: 404,
      code: 'UNKNOWN_SHARD',
      detail: 'there is no shard 3; there are 0, 1, 2',
    });
    expect(await get(`/v1/events?stream=intention-${9 * 2 ** 32}`)).toMatchObject({ code: 'UNKNOWN_SHARD' });
  });

  it('GET /v1/events refuses a stream that the shard does not have', async () => {
    expect(await get('/v1/events?shard=1&stream=intention-1')).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
  });
});

describe('access', () => {
  it('Access lets the parties see a deal of any shard, and nobody else', async () => {
    app = appOfShards(shards, { keys: await FileKeyring.load(await keyFile()) });
    for (const id of dealIds()) {
      expect(await get(`/v1/deals/${id}`, as.alice)).toMatchObject({ id });
    }
    await shards.post(1, { instrument: 'EMCA', side: 'buy', price: '9', quantity: '1', participant: 'carol' });
    await shards.post(1, { instrument: 'EMCA', side: 'sell', price: '9', quantity: '1', participant: 'dave' });
    const { deals } = await get('/v1/deals', as.operator);
    const others = deals.find(({ id }) => !dealIds().includes(id))?.id ?? '';
    expect(await get(`/v1/deals/${others}`, as.alice)).toMatchObject({ status: 403, code: 'NOT_YOURS' });
    expect((await get('/v1/deals', as.alice)).deals).toHaveLength(6);
  });
});

describe('operation', () => {
  it('GET /metrics tells each shard’s lag, and leaves out one whose log does not say', async () => {
    shards.stores[2]?.hold();
    await shards.post(2, { instrument: 'ACME', side: 'buy', price: '1', quantity: '1', participant: 'carol' });
    const lags = async () => {
      const { body } = await app.inject({ method: 'GET', url: '/metrics' });
      return body.split('\n').filter((line) => line.startsWith('parley_projection_lag_events{'));
    };
    for (const shard of [0, 1]) await get(`/v1/intentions/${idAt(shard)}`);
    const [first, second, third] = await lags();
    expect([first, second]).toEqual([0, 1].map((shard) => `parley_projection_lag_events{shard="${shard}"} 0`));
    expect(third).toMatch(/^parley_projection_lag_events\{shard="2"\} [1-9]\d*$/);
    const [, log] = shards.logs;
    if (log !== undefined) log.head = () => Promise.reject(new Error('the broker is away'));
    expect((await lags()).map((line) => line.slice(29, 38))).toEqual(['shard="0"', 'shard="2"']);
  });

  it('Health is not ready while the reads of a shard are behind, and says why', async () => {
    expect((await app.inject('/health/ready')).statusCode).toBe(200);
    Object.assign(shards.stores[1] ?? {}, { trouble: 'the broker is away' });
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      detail: 'reads are behind: shard 1: the broker is away',
    });
  });
});

describe('what is told of the market by several shards', () => {
  /** ACME is listed in the first and the last: it is asked where it belongs. */
  const belongs = { shardOfInstrument: (symbol: string) => (symbol === 'EMCA' ? 1 : 0) };

  beforeEach(() => {
    app = appOfShards(shards, { stores: deskOf(new Map(shards.stores.entries()), belongs) });
  });

  it('What is told of one instrument names the shard, and its positions are of that shard’s log', async () => {
    const position = await shards.logs[1]?.head();
    for (const about of ['trades', 'candles', 'ticker']) {
      expect(await get(`/v1/${about}/EMCA`)).toMatchObject({ instrument: 'EMCA', position, shard: 1 });
    }
    const { trades } = (await get('/v1/trades/EMCA')) as unknown as { trades: { position: number }[] }; // as they are answered
    const { deals } = await get('/v1/deals?instrument=EMCA&after=0');
    expect(deals.map((deal) => deal.position)).toEqual(trades.map((trade) => placeOf(1, trade.position)));
    expect(deals).toMatchObject([{ shard: 1 }, { shard: 1 }]);
    expect(await get(`/v1/deals/${idAt(1)}-1`)).toMatchObject({ shard: 1 });
  });

  it('Tickers come shard after shard, a page at a time, each with where it stands', async () => {
    const heads = await Promise.all(shards.logs.map((log) => log.head()));
    const { tickers, positionByShard } = (await get('/v1/tickers')) as unknown as { tickers: object[] } & Body; // likewise
    expect(tickers).toMatchObject([
      { instrument: 'ACME', last: '100', position: heads[0], shard: 0 },
      { instrument: 'EMCA', last: '101', position: heads[1], shard: 1 },
      { instrument: 'ACME', last: '102', position: heads[2], shard: 2 },
    ]);
    expect(positionByShard).toEqual(Object.fromEntries(heads.entries()));
    expect(await get('/v1/tickers?limit=2')).toMatchObject({ tickers: tickers.slice(0, 2), next: 'EMCA' });
  });

  it('An account adds up what is of all shards, and takes a position of each', async () => {
    const { deals: all } = await get('/v1/deals?participant=alice&after=0');
    const account = await get('/v1/account?participant=alice&after=0/0,1/0,2/0');
    const { positions } = await get('/v1/positions?participant=alice');
    const heads = await Promise.all(shards.logs.map((log) => log.head()));
    expect(account).toMatchObject({ participant: 'alice', deals: all, positions, moreDeals: false });
    expect(account.positionByShard).toEqual(Object.fromEntries(heads.entries()));
    expect(all).toHaveLength(6);
    const some = await get(`/v1/account?participant=alice&after=1/0,2/${String(all.at(-2)?.position)}`);
    expect(some.deals).toEqual([all[2], all[3], all[5]]);
    expect(await get('/v1/account?participant=alice&shard=1&after=0')).toMatchObject({
      ...{ deals: all.slice(2, 4), positionByShard: { 1: heads[1] } },
    });
    expect(await get('/v1/account?participant=alice&after=5')).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
    expect(await get('/v1/doubts')).toMatchObject({ doubts: [], positionByShard: account.positionByShard });
  });
});
