import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../../projections/why/explain.js';
import { FileKeyring } from '../../../src/server/keys/keys.js';
import { as, keyFile } from '../../support/http/key-file.js';
import { openFeed } from '../../support/http/feed.js';
import { aPost, appOf, listen, type Market, openMarket } from '../../support/http/market.js';

let market: Market;
let app: FastifyInstance;
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market, await FileKeyring.load(await keyFile()));
});

type Method = 'GET' | 'PUT' | 'POST';

async function ask(method: Method, url: string, headers: Record<string, string>, payload?: object) {
  const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

describe('the dead man’s switch over HTTP', () => {
  it('The dead man’s switch over HTTP is set, shown and taken off by its participant', async () => {
    const { status, body } = await ask('POST', '/v1/switch', as.alice, { withinMs: 60_000 });
    expect([status, body.participant, body.withinMs]).toEqual([200, 'alice', 60_000]);
    expect(Date.parse(String(body.lapsesAt))).toBeGreaterThan(Date.now() + 50_000);
    const shown = await ask('GET', '/v1/switch', as.alice);
    expect(shown.body).toEqual({ ...body, position: await market.log.head() });
    expect((await ask('POST', '/v1/switch', as.alice, { withinMs: 0 })).body).toMatchObject({ withinMs: 0 });
    const off = await ask('GET', '/v1/switch', as.alice);
    expect(off.body).toEqual({ participant: 'alice', withinMs: 0, position: await market.log.head() });
  });

  it('The dead man’s switch over HTTP is nobody else’s, and an operator names whose', async () => {
    expect((await ask('POST', '/v1/switch', as.alice, { withinMs: 5_000, participant: 'bob' })).status).toBe(403);
    expect((await ask('GET', '/v1/switch?participant=bob', as.alice)).status).toBe(403);
    expect((await ask('POST', '/v1/switch', as.operator, { withinMs: 5_000 })).body.code).toBe('INVALID_COMMAND');
    expect((await ask('POST', '/v1/switch', as.operator, { withinMs: 5_000, participant: 'bob' })).status).toBe(200);
    expect((await ask('POST', '/v1/switch', as.auditor, { withinMs: 5_000, participant: 'bob' })).status).toBe(403);
    expect((await ask('GET', '/v1/switch?participant=bob', as.auditor)).body.withinMs).toBe(5_000);
  });
});

describe('limits over HTTP', () => {
  it('Limits over HTTP refuse with their codes and statuses, and are listed to whom they concern', async () => {
    const put = (limits: object) => ask('PUT', '/v1/limits/alice', as.operator, limits);
    const post = async (fields: object = {}) => {
      const { status, body } = await ask('POST', '/v1/intentions', as.alice, aPost({ quantity: '10', ...fields }));
      return [status, body.code];
    };
    expect((await put({ instrument: 'ACME', openQuantity: '15.0' })).body).toMatchObject({
      ...{ participant: 'alice', instrument: 'ACME', openQuantity: '15', halted: false },
    });
    expect(await post()).toEqual([201, undefined]);
    expect(await post()).toEqual([409, 'LIMIT_OPEN_QUANTITY']);
    await put({ instrument: 'ACME', netPosition: '10' });
    expect(await post()).toEqual([409, 'LIMIT_NET_POSITION']);
    await put({ intentionsPerSecond: 1 });
    const answers = [
      await post({ side: 'sell', price: '11.00' }),
      await post({ side: 'sell' }),
      await post({ side: 'sell' }),
    ];
    expect(answers).toContainEqual([429, 'LIMIT_RATE']);
    await put({ halted: true });
    expect(await post()).toEqual([409, 'HALTED']);
    const own = { participant: 'alice', halted: false, instrument: 'ACME', netPosition: '10' };
    const { limits } = (await ask('GET', '/v1/limits', as.alice)).body;
    expect(limits).toEqual([{ participant: 'alice', halted: true }, own]);
    expect((await ask('GET', '/v1/limits?participant=bob', as.auditor)).body.limits).toEqual([]);
    expect((await ask('GET', '/v1/limits?participant=alice', as.bob)).status).toBe(403);
    await put({});
    await put({ instrument: 'ACME' });
    expect((await ask('GET', '/v1/limits', as.operator)).body.limits).toEqual([]);
    expect(await post()).toEqual([201, undefined]);
  });

  it('Limits over HTTP come page after page, by participant and then by instrument', async () => {
    await ask('PUT', '/v1/instruments/ABLE', as.operator, { tickSize: '0.01', lotSize: '1' });
    const halted = { halted: true };
    for (const [participant, terms] of [
      ['bob', { instrument: 'ABLE', ...halted }],
      ['alice', { instrument: 'ACME', ...halted }],
      ['alice', halted],
      ['alice', { instrument: 'ABLE', ...halted }],
    ] as const)
      expect((await ask('PUT', `/v1/limits/${participant}`, as.operator, terms)).status).toBe(200);
    const all = [
      { participant: 'alice', ...halted },
      { participant: 'alice', instrument: 'ABLE', ...halted },
      { participant: 'alice', instrument: 'ACME', ...halted },
      { participant: 'bob', instrument: 'ABLE', ...halted },
    ];
    const whole = (await ask('GET', '/v1/limits?limit=4', as.operator)).body;
    expect([whole.limits, whole.next]).toEqual([all, undefined]);
    const pages = [];
    let after = '';
    for (let next: unknown = ''; next !== undefined; after = `&after=${String(next)}`) {
      const { body } = await ask('GET', `/v1/limits?limit=1${after}`, as.operator);
      pages.push(body.limits);
      next = body.next;
    }
    expect(pages).toEqual(all.map((row) => [row]));
    const own = (await ask('GET', '/v1/limits?limit=2&after=alice/', as.alice)).body;
    expect([own.limits, own.next]).toEqual([all.slice(1, 3), undefined]);
    for (const wrong of ['after=alice', 'after=a/b/c', 'limit=0', 'limit=1001'])
      expect((await ask('GET', `/v1/limits?${wrong}`, as.operator)).status, wrong).toBe(400);
  });

  it('Limits over HTTP withdraw what is open where that is asked for', async () => {
    await ask('POST', '/v1/intentions', as.alice, aPost());
    await ask('PUT', '/v1/limits/alice', as.operator, { halted: true, withdraw: true });
    const { body } = await ask('GET', '/v1/intentions/1', as.alice);
    expect([body.status, body.closedReason]).toEqual(['withdrawn', 'halted']);
  });

  it('Why an intention fared as it did is told over HTTP from its post on, and from the log with the posts of it that were refused', async () => {
    const late = aPost();
    await ask('PUT', '/v1/limits/alice', as.operator, { halted: true });
    expect((await ask('POST', '/v1/intentions', as.alice, late)).body.code).toBe('HALTED');
    await ask('PUT', '/v1/limits/alice', as.operator, {});
    expect((await ask('POST', '/v1/intentions', as.alice, late)).status).toBe(201);
    const { reasons } = (await ask('GET', '/v1/intentions/1/why', as.alice)).body;
    const told = await explain(market.log, 1);
    const kinds = told?.explanation.reasons.map(({ kind }) => kind) ?? [];
    expect(kinds).toContain('refused');
    expect(reasons).toMatchObject(kinds.filter((kind) => kind !== 'refused').map((kind) => ({ kind })));
  });

  it('Limits over HTTP are set by operators alone, in instruments that there are', async () => {
    expect((await ask('PUT', '/v1/limits/alice', as.alice, { halted: false })).status).toBe(403);
    expect((await ask('PUT', '/v1/limits/alice', as.operator, { instrument: 'NONE' })).status).toBe(404);
    expect((await ask('PUT', '/v1/limits/alice', as.operator, { openQuantity: '-1' })).status).toBe(400);
    expect((await ask('PUT', '/v1/limits/a%20b', as.operator, {})).body.code).toBe('INVALID_PARTICIPANT');
  });
});

describe('hidden counterparties', () => {
  beforeEach(async () => {
    const terms = { tickSize: '0.01', lotSize: '1', counterparties: 'hidden' };
    expect((await ask('PUT', '/v1/instruments/DARK', as.operator, terms)).body.counterparties).toBe('hidden');
    await ask('POST', '/v1/intentions', as.alice, aPost({ instrument: 'DARK' }));
    const sell = aPost({ instrument: 'DARK', participant: 'bob', side: 'sell', quantity: '40' });
    await ask('POST', '/v1/intentions', as.bob, sell);
  });

  it('Hidden counterparties are left out of the deals that their parties are shown, one or all', async () => {
    const bought = { buyer: 'alice', buyerIntention: '1' };
    const sold = { seller: 'bob', sellerIntention: '2' };
    for (const [headers, shown] of [
      [as.alice, bought],
      [as.bob, sold],
      [as.operator, { ...bought, ...sold }],
      [as.auditor, { ...bought, ...sold }],
    ] as const) {
      const sides = ({ buyer, buyerIntention, seller, sellerIntention }: Record<string, unknown>): object =>
        JSON.parse(JSON.stringify({ buyer, buyerIntention, seller, sellerIntention })) as object;
      const { deals } = (await ask('GET', '/v1/deals', headers)).body as { deals: Record<string, unknown>[] };
      expect(deals.map(sides)).toEqual([shown]);
      const one = await ask('GET', '/v1/deals/1-1', headers);
      expect([one.status, sides(one.body)]).toEqual([200, shown]);
      expect(one.body.takerSide).toBe('sell');
    }
  });

  it('Hidden counterparties are not told by why, and nobody but who sees all is drawn a chart', async () => {
    const why = await ask('GET', '/v1/intentions/1/why', as.alice);
    expect(why.status).toBe(200);
    expect(JSON.stringify(why.body)).toContain('from a counterparty');
    expect(JSON.stringify(why.body)).not.toContain('bob');
    expect(JSON.stringify((await ask('GET', '/v1/intentions/1/why', as.operator)).body)).toContain('bob');
    for (const url of ['/v1/intentions/1/chart', '/v1/deals/1-1/chart']) {
      expect((await ask('GET', url, as.alice)).status).toBe(403);
      expect((await ask('GET', url, as.auditor)).status).toBe(200);
    }
    const account = await ask('GET', '/v1/account?after=0', as.alice);
    expect(JSON.stringify(account.body.deals)).not.toContain('bob');
  });

  it('Hidden counterparties are not told by one’s own stream, but to who sees all', async () => {
    const { url } = await listen(market, { keyFile: await keyFile() });
    const dealtTo = async (headers: Record<string, string>): Promise<unknown> => {
      const feed = await openFeed(`${url}/v1/own/stream?participant=alice&from=0`, headers);
      for (;;) {
        const [next] = await feed.take(1);
        if (next?.event === 'dealt') return next.data.counterparty;
      }
    };
    expect(await dealtTo(as.alice)).toBeUndefined();
    expect(await dealtTo(as.auditor)).toBe('bob');
    expect(await dealtTo(as.operator)).toBe('bob');
  });

  it('Hidden counterparties keep a participant from the events of its intention, and shown ones do not', async () => {
    const follow = async () => ask('GET', '/v1/events?stream=intention-1&from=999999', as.alice);
    expect((await follow()).body.detail).toContain('hides counterparties');
    await ask('PUT', '/v1/instruments/DARK', as.operator, { tickSize: '0.01', lotSize: '1' });
    expect((await follow()).body.code).toBe('POSITION_AHEAD');
    const { deals } = (await ask('GET', '/v1/deals', as.alice)).body as { deals: { seller?: string }[] };
    expect(deals[0]?.seller).toBe('bob');
  });
});
