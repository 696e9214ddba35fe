import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileKeyring } from '../../../../../src/server/keys/keys.js';
import { as, keyFile } from '../../../../support/http/key-file.js';
import { aPost, appOf, type Market, openMarket } from '../../../../support/http/market.js';
import { appOfShards, openShards } from '../../../../support/http/shards.js';

let market: Market;
let app: FastifyInstance;
/** Alice bids, bob sells into it, twice; then an auction of two more. */
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market, await FileKeyring.load(await keyFile()));
  for (const quantity of ['40', '60']) await deal({ quantity });
  await market.exchange.changePhase({ instrument: 'ACME', phase: 'call' });
  await deal({ quantity: '7' });
  await deal({ quantity: '8' });
  await app.inject({ method: 'POST', url: '/v1/instruments/ACME/uncross', headers: as.operator });
});

async function deal(terms: object): Promise<void> {
  for (const side of [{ side: 'buy' }, { participant: 'bob', side: 'sell' }]) {
    const payload = aPost({ ...side, ...terms });
    await app.inject({ method: 'POST', url: '/v1/intentions', payload, headers: as.operator });
  }
}

const get = (url: string, headers: Record<string, string> = as.marketData, from = app) =>
  from.inject({ method: 'GET', url, headers });

const codeOf = async (url: string, headers?: Record<string, string>, from?: FastifyInstance): Promise<unknown> => {
  const answer = await get(url, headers, from);
  return answer.statusCode === 200 ? 200 : [answer.statusCode, answer.json<{ code: string }>().code];
};

interface Moment {
  readonly position: number;
  readonly at?: string;
  readonly previousBatch?: number;
  readonly nextBatch?: number;
  readonly previousDeal?: number;
  readonly nextDeal?: number;
}

const momentAt = async (at: number): Promise<Moment> => (await get(`/v1/moment?at=${at}`)).json<Moment>();

/** Of the decisions, in order. */
async function dealPositions(): Promise<number[]> {
  const { deals } = (await get('/v1/deals?after=0', as.operator)).json<{ deals: { position: number }[] }>();
  return deals.map(({ position }) => position);
}

describe('the time line', () => {
  it('The time line over HTTP shows deals, the restart and the auction up to the head, to a key of any role', async () => {
    const head = await market.log.head();
    const positions = await dealPositions();
    expect(positions).toHaveLength(4);
    for (const headers of [as.alice, as.operator, as.auditor, as.marketData]) {
      const answer = await get('/v1/timeline?buckets=3', headers);
      expect(answer.statusCode).toBe(200);
      const edges = [0, 1, 2, 3].map((bucket) => Math.floor((bucket * head) / 3));
      const inBucket = (bucket: number): number =>
        positions.filter((at) => at >= (edges[bucket] ?? 0) && at < (edges[bucket + 1] ?? 0)).length;
      expect(answer.json()).toEqual({
        ...{ position: head, from: 0, until: head, deals: [inBucket(0), inBucket(1), inBucket(2)] },
        marks: [
          { position: 0, at: expect.stringMatching(/Z$/), kind: 'restart', epoch: 1 },
          {
            ...{ position: expect.any(Number), at: expect.stringMatching(/Z$/), kind: 'auction' },
            ...{ instrument: 'ACME', price: '10.25', volume: '15', deals: 2 },
          },
        ],
      });
    }
    expect((await get('/v1/timeline')).json<{ deals: number[] }>().deals).toHaveLength(200);
  });

  it('The time line refuses who has no key, a position beyond the head, a shard that there is not, and what is no number', async () => {
    const head = await market.log.head();
    expect(await codeOf('/v1/timeline', {})).toEqual([401, 'UNAUTHENTICATED']);
    for (const query of [`until=${head + 1}`, `from=${head + 1}`]) {
      expect(await codeOf(`/v1/timeline?${query}`)).toEqual([409, 'POSITION_AHEAD']);
    }
    expect(await codeOf(`/v1/timeline?from=${head}&until=${head}`)).toBe(200);
    expect(await codeOf('/v1/timeline?shard=1')).toEqual([404, 'UNKNOWN_SHARD']);
    for (const query of ['buckets=0', 'buckets=1001', 'from=-1', 'until=x', 'at=3']) {
      expect(await codeOf(`/v1/timeline?${query}`)).toEqual([400, 'INVALID_COMMAND']);
    }
  });

  it('The time line is refused for now while its store lags behind the log', async () => {
    const late = appOf({ ...market, catchUpMs: 0 });
    market.store.hold();
    await market.exchange.post(aPost() as never);
    expect(await codeOf('/v1/timeline', {}, late)).toEqual([503, 'UNAVAILABLE']);
    market.store.release();
  });
});

describe('a moment and those next to it', () => {
  it('The moments next to one lead through all batches, and through all deals, there and back again', async () => {
    const head = await market.log.head();
    const batches: number[] = [];
    for await (const { firstPosition } of market.log.read(0)) batches.push(firstPosition);
    const walk = async (from: number, step: (moment: Moment) => number | undefined): Promise<number[]> => {
      const seen: number[] = [];
      for (let at: number | undefined = from; at !== undefined; at = step(await momentAt(at))) seen.push(at);
      return seen;
    };
    expect(await walk(0, ({ nextBatch }) => nextBatch)).toEqual([...batches, head]);
    expect(await walk(head, ({ previousBatch }) => previousBatch)).toEqual([...batches, head].reverse());
    const after = (await dealPositions()).map((position) => position + 1);
    expect(await walk(0, ({ nextDeal }) => nextDeal)).toEqual([0, ...after]);
    expect(await walk(head, ({ previousDeal }) => previousDeal)).toEqual([head, ...after.reverse()]);
  });

  it('The present moment is that of the head, with the log’s time and nothing next; a moment by its time is found too', async () => {
    const head = await market.log.head();
    const now = (await get('/v1/moment')).json<Moment>();
    expect(now).toEqual({
      ...{ position: head, at: expect.any(String) },
      ...{ previousBatch: expect.any(Number), previousDeal: expect.any(Number) },
    });
    expect(await momentAt(head)).toEqual(now);
    expect((await get(`/v1/moment?atTime=${now.at}`)).json()).toEqual(now);
    const first = await momentAt(0);
    expect(first).toEqual({ position: 0, nextBatch: expect.any(Number), nextDeal: expect.any(Number) });
    expect((await get('/v1/moment?atTime=2000-01-01T00:00:00Z')).json()).toEqual(first);
  });

  it('A moment agrees with itself at the head, though the log has grown since the head was found', async () => {
    const head = await market.log.head();
    const growing = appOf(market, undefined, {
      looks: {
        look: async (question) => {
          await market.exchange.post(aPost({ quantity: '5' }) as never);
          return { ok: true, value: { head, previousBatch: 3 }, heads: new Map([...question.heads]) };
        },
      },
    });
    await market.exchange.changePhase({ instrument: 'ACME', phase: 'continuous' });
    await market.exchange.post(aPost({ participant: 'bob', side: 'sell', quantity: '5' }) as never);
    const answer = await get('/v1/moment', {}, growing);
    expect((await dealPositions()).length).toBe(5);
    expect(answer.json()).not.toHaveProperty('nextDeal');
  });

  it('A moment refuses who has no key, a position beyond the head, a shard that there is not, and a moment that is said twice', async () => {
    const head = await market.log.head();
    for (const headers of [as.alice, as.operator, as.auditor, as.marketData]) {
      expect(await codeOf('/v1/moment', headers)).toBe(200);
    }
    expect(await codeOf('/v1/moment', {})).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codeOf(`/v1/moment?at=${head + 1}`)).toEqual([409, 'POSITION_AHEAD']);
    expect(await codeOf('/v1/moment?shard=7')).toEqual([404, 'UNKNOWN_SHARD']);
    for (const query of ['at=1&atTime=2026-01-01T00:00:00Z', 'atTime=soon', 'at=-1', 'from=1']) {
      expect(await codeOf(`/v1/moment?${query}`)).toEqual([400, 'INVALID_COMMAND']);
    }
  });
});

describe('the time lines of several shards', () => {
  it('The time line and the moments of several shards are those of the first, or of the one that is named', async () => {
    const shards = await openShards(2);
    await shards.list(1, 'ACME');
    for (const side of ['buy', 'sell'] as const) {
      await shards.post(1, { participant: side, instrument: 'ACME', side, price: '5', quantity: '1' });
    }
    const several = appOfShards(shards);
    const heads = await Promise.all(shards.logs.map((log) => log.head()));
    for (const [shard, deals] of [0, 1].entries()) {
      const timeline = (await get(`/v1/timeline?shard=${shard}&buckets=1`, {}, several)).json<object>();
      expect(timeline).toMatchObject({ shard, position: heads[shard], deals: [deals], marks: [{ kind: 'restart' }] });
      const moment = (await get(`/v1/moment?shard=${shard}&at=0`, {}, several)).json<Moment>();
      expect(moment).toMatchObject({ shard, position: 0 });
      expect('nextDeal' in moment).toBe(deals > 0);
    }
    expect((await get('/v1/timeline?buckets=1', {}, several)).json()).toMatchObject({ shard: 0 });
    expect((await get('/v1/moment', {}, several)).json()).toMatchObject({ shard: 0, position: heads[0] });
    expect(await codeOf('/v1/timeline?shard=2', {}, several)).toEqual([404, 'UNKNOWN_SHARD']);
  });
});

describe('who asks', () => {
  it('An exchange with keys says of each who it is, and refuses who has none', async () => {
    const caller = async (headers: Record<string, string>): Promise<unknown> =>
      (await get('/v1/caller', headers)).json();
    expect(await caller(as.alice)).toEqual({ role: 'participant', participant: 'alice', keys: true });
    expect(await caller(as.operator)).toEqual({ role: 'operator', keys: true });
    expect(await caller(as.auditor)).toEqual({ role: 'auditor', keys: true });
    expect(await caller(as.marketData)).toEqual({ role: 'market-data', keys: true });
    expect(await codeOf('/v1/caller', {})).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codeOf('/v1/caller', { authorization: 'Bearer nobodys' })).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('An exchange without keys says that everybody is an operator', async () => {
    expect((await get('/v1/caller', {}, appOf(market))).json()).toEqual({ role: 'operator', keys: false });
  });
});
