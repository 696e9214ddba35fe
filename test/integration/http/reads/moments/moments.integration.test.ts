import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { LookDesk } from '../../../../../projections/moments/look-desk.js';
import type { LookAnswer, LookedAt, LookQuestion } from '../../../../../projections/moments/look.js';
import { Moments } from '../../../../../projections/moments/moments.js';
import { FileKeyring } from '../../../../../src/server/keys/keys.js';
import { gate } from '../../../../support/gate.js';
import { as, keyFile } from '../../../../support/http/key-file.js';
import { type Market, aPost, appOf, openMarket } from '../../../../support/http/market.js';
import { appOfShards, openShards } from '../../../../support/http/shards.js';

let market: Market;
let app: FastifyInstance;
/** Alice bids, bob sells into it whole. */
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market, await FileKeyring.load(await keyFile()));
  await post(aPost());
  await post(aPost({ participant: 'bob', side: 'sell' }));
});

const post = (payload: object) => app.inject({ method: 'POST', url: '/v1/intentions', payload, headers: as.operator });

const get = (url: string, headers: Record<string, string> = as.operator, from = app) =>
  from.inject({ method: 'GET', url, headers });

const codeOf = async (url: string, headers?: Record<string, string>): Promise<unknown> => {
  const answer = await get(url, headers);
  return answer.statusCode === 200 ? 200 : answer.json<{ code: string }>().code;
};

/** Of alice’s intention, 1. */
async function postedPosition(): Promise<number> {
  return (await get('/v1/intentions/1')).json<{ postedPosition: number }>().postedPosition;
}

describe('a moment', () => {
  it('A moment beyond the durable end of the log is refused as ahead, and the end itself is not', async () => {
    const head = await market.log.head();
    for (const path of ['/v1/book/ACME', '/v1/deals', '/v1/intentions/1', '/v1/intentions/1/why', '/v1/ticker/ACME']) {
      expect([path, await codeOf(`${path}?at=${head}`)]).toEqual([path, 200]);
      expect([path, await codeOf(`${path}?at=${head + 1}`)]).toEqual([path, 'POSITION_AHEAD']);
    }
  });

  it('A moment is a position or a time, and a time is one that can be read', async () => {
    expect(await codeOf('/v1/book/ACME?at=1&atTime=2026-01-01T00:00:00Z')).toBe('INVALID_COMMAND');
    for (const atTime of ['yesterday', '2026-02-30T00:00:00Z', '12']) {
      expect(await codeOf(`/v1/book/ACME?atTime=${atTime}`)).toBe('INVALID_COMMAND');
    }
    for (const at of ['-1', '1.5', 'x']) expect(await codeOf(`/v1/book/ACME?at=${at}`)).toBe('INVALID_COMMAND');
  });

  it('A moment by its time is that after all that had happened by then', async () => {
    const { postedAt } = (await get('/v1/intentions/2')).json<{ postedAt: string }>();
    const before = new Date(Date.parse((await get('/v1/intentions/1')).json<{ postedAt: string }>().postedAt) - 1);
    expect((await get(`/v1/book/ACME?atTime=${postedAt}`)).json()).toMatchObject({ position: await market.log.head() });
    expect(
      (await get(`/v1/book/ACME?atTime=${before.toISOString()}`)).json<{ position: number }>().position,
    ).toBeLessThan(await postedPosition());
  });

  it('A moment shows each caller what the present would show it', async () => {
    const posted = await postedPosition();
    const after = posted + 1;
    expect(await codeOf(`/v1/intentions/1?at=${after}`, as.alice)).toBe(200);
    expect(await codeOf(`/v1/intentions/1?at=${after}`, as.bob)).toBe('NOT_YOURS');
    expect(await codeOf(`/v1/intentions/1?at=${posted}`, as.bob)).toBe('UNKNOWN_INTENTION');
    expect(await codeOf(`/v1/intentions?at=${after}`, as.marketData)).toBe('FORBIDDEN');
    expect(await codeOf(`/v1/book/ACME?at=${after}`, as.marketData)).toBe(200);
    const list = (await get(`/v1/intentions?at=${after}`, as.bob)).json<{ intentions: unknown[] }>();
    expect(list.intentions).toEqual([]);
  });

  it('A moment of one of several shards needs an instrument or an id, or a time', async () => {
    const shards = await openShards(2);
    await shards.list(0, 'ACME');
    const several = appOfShards(shards);
    const refused = await get('/v1/intentions?at=1', {}, several);
    expect(refused.json()).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
    const id = await shards
      .post(1, { participant: 'alice', instrument: 'ACME', side: 'buy', price: '5', quantity: '1' })
      .catch(() => '');
    expect(id).toBe('');
    const listed = await get('/v1/positions?atTime=2030-01-01T00:00:00Z', {}, several);
    expect(listed.json()).toMatchObject({
      positions: [],
      positionByShard: { 0: expect.any(Number), 1: expect.any(Number) },
    });
  });
});

describe('what is told of the past', () => {
  const told = (url: string, accept: string, headers: Record<string, string> = as.alice) =>
    get(url, { ...headers, accept });

  it('What is told of the past comes in the media type that is rated best, JSON where none is', async () => {
    const typeOf = async (url: string, accept: string): Promise<unknown> => {
      const answer = await told(url, accept);
      expect(answer.headers.vary).toBe('Accept');
      return answer.statusCode === 200
        ? String(answer.headers['content-type']).split(';')[0]
        : answer.json<{ code: string }>().code;
    };
    expect(await typeOf('/v1/deals/1-1/chart', '*/*')).toBe('application/json');
    expect(await typeOf('/v1/deals/1-1/chart', 'image/*')).toBe('image/svg+xml');
    expect(await typeOf('/v1/intentions/1/chart', 'text/plain;q=0.5, text/vnd.mermaid')).toBe('text/vnd.mermaid');
    expect(await typeOf('/v1/intentions/1/why', 'text/*')).toBe('text/plain');
    expect(await typeOf('/v1/intentions/1/why', 'image/svg+xml')).toBe('NOT_ACCEPTABLE');
    expect((await told('/v1/deals/1-1/chart', 'image/svg+xml')).body).toMatch(/^<svg/);
    expect((await told('/v1/deals/1-1/chart', 'text/vnd.mermaid')).body).toContain('sequenceDiagram');
    expect((await told('/v1/intentions/1/why', 'text/plain')).body).toContain('Filled whole.');
  });

  it('What is told of the past is told to those whose intention or deal it is, and to who sees all', async () => {
    for (const path of ['/v1/intentions/1/why', '/v1/intentions/1/chart']) {
      const codes = [as.alice, as.bob, as.auditor].map((who) => codeOf(path, who));
      expect([path, ...(await Promise.all(codes))]).toEqual([path, 200, 'NOT_YOURS', 200]);
      expect(await codeOf(`${path}?at=${await postedPosition()}`, as.alice)).toBe('UNKNOWN_INTENTION');
      expect(await codeOf(`${path}?at=${await postedPosition()}`, as.bob)).toBe('UNKNOWN_INTENTION');
    }
    expect(await codeOf('/v1/deals/1-1/chart', as.bob)).toBe(200);
    expect(await codeOf('/v1/deals/1-2/chart', as.bob)).toBe('UNKNOWN_DEAL');
    expect(await codeOf('/v1/intentions/9/why')).toBe('UNKNOWN_INTENTION');
    expect(await codeOf('/v1/deals/1-1/chart', as.marketData)).toBe('FORBIDDEN');
  });

  it('What is told of the past says where it stands, and of a deal that is undecided at that moment that it is open', async () => {
    const { position } = (await get('/v1/deals/1-1')).json<{ position: number }>();
    const open = await get(`/v1/deals/1-1/chart?at=${position}`, as.alice);
    expect(open.json()).toMatchObject({ deal: '1-1', outcome: 'open', position });
    expect(await codeOf(`/v1/deals/1-1/chart?at=${position}`, as.bob)).toBe('UNKNOWN_DEAL');
    const why = (await get('/v1/intentions/1/why', as.alice)).json();
    expect(why).toMatchObject({ intention: '1', state: 'filled', position: await market.log.head() });
  });
});

describe('looks that wait', () => {
  /** Looks that are answered only once they may be. */
  class HeldLooks implements LookedAt {
    readonly open = gate();
    waiting = 0;
    readonly #desk = new LookDesk(new Map([[0, new Moments(market.log)]]));

    async look(question: LookQuestion): Promise<LookAnswer> {
      this.waiting++;
      await this.open.wait();
      return this.#desk.look(question);
    }
  }

  it('Looks that wait are no more than so many of a key: the next is answered 429, and another key’s is not', async () => {
    const looks = new HeldLooks();
    const bounded = appOf(market, await FileKeyring.load(await keyFile()), { looks, limits: { looksWaiting: 8 } });
    const look = (headers: Record<string, string>) => get('/v1/book/ACME?at=3', headers, bounded);
    const waiting = Array.from({ length: 4 }, () => look(as.alice));
    await expect.poll(() => looks.waiting).toBe(4);
    const refused = await look(as.alice);
    expect(refused.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
    expect((await get('/v1/book/ACME', as.alice, bounded)).statusCode).toBe(200);
    waiting.push(look(as.bob));
    await expect.poll(() => looks.waiting).toBe(5);
    looks.open.open();
    expect((await Promise.all(waiting)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
    expect((await look(as.alice)).statusCode).toBe(200);
  });

  it('Looks that would have to fold too much are refused with the reason, and nothing else is', async () => {
    const looks = new LookDesk(new Map([[0, new Moments(market.log, undefined, { mostEvents: 2 })]]));
    const bounded = appOf(market, undefined, { looks });
    const refused = (await get(`/v1/book/ACME?at=${await market.log.head()}`, {}, bounded)).json<{ detail: string }>();
    expect(refused).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(refused.detail).toContain('a look reads 2 at most');
    expect((await get('/v1/book/ACME', {}, bounded)).statusCode).toBe(200);
  });
});
