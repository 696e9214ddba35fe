import { beforeEach, describe, expect, it } from 'vitest';
import type { ClusterRequest } from '../../../../src/cluster/forwarding/requests.js';
import { shardOfSymbol } from '../../../../src/cluster/shard-of.js';
import { call, type HttpMember, serveMember } from '../../../support/cluster/http-members.js';
import { TestCluster } from '../../../support/cluster/members.js';
import { clientOf } from '../../../support/http/client.js';
import { type Market, appOf, openMarket } from '../../../support/http/market.js';

const listing = { tickSize: '1', lotSize: '1' };

interface Body {
  readonly instruments: readonly { readonly symbol: string }[];
  readonly next?: string;
  readonly position?: number;
  readonly positionByShard?: Readonly<Record<string, number>>;
}

/** All pages, by their symbols, from an asker of addresses. */
async function pagesOf(limit: number, get: (url: string) => Promise<Body>): Promise<string[][]> {
  const pages: string[][] = [];
  let after = '';
  for (;;) {
    const { instruments, next } = await get(`/v1/instruments?limit=${limit}${after}`);
    pages.push(instruments.map(({ symbol }) => symbol));
    if (next === undefined) return pages;
    expect(next).toBe(instruments.at(-1)?.symbol);
    after = `&after=${next}`;
  }
}

describe('GET /v1/instruments', () => {
  let market: Market;
  let symbols: string[];
  const list = async (count: number): Promise<void> => {
    symbols = ['ACME'];
    for (let index = 1; index < count; index++) {
      symbols.push(`S${count - index}`);
      await market.exchange.list({ symbol: `S${count - index}`, ...listing });
    }
  };
  beforeEach(async () => {
    market = await openMarket();
  });
  const getOf =
    (from = appOf(market)) =>
    async (url: string) =>
      (await from.inject(url)).json<Body>();

  it.each([1, 2, 3, 4, 5, 1_000])(
    'GET /v1/instruments gives each once, in the order of their listing, in pages of %i',
    async (limit) => {
      await list(5);
      const pages = await pagesOf(limit, getOf());
      expect(pages.flat()).toEqual(symbols);
      expect(pages).toHaveLength(Math.ceil(5 / limit));
    },
  );

  it('GET /v1/instruments pages through what its store holds of a shard that has stopped, as before', async () => {
    await list(5);
    await market.exchange.close();
    const get = getOf();
    expect(await get('/v1/instruments?limit=2&after=S4')).toMatchObject({ state: 'stopped', next: 'S2' });
    expect((await pagesOf(2, get)).flat()).toEqual(symbols);
    expect(await get('/v1/instruments?after=NONE')).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
  });

  it.each(['after=NONE', 'limit=0', 'limit=1001', 'limit=x'])(
    'GET /v1/instruments refuses a page that cannot be: %s',
    async (query) => {
      expect(await getOf()(`/v1/instruments?${query}`)).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
    },
  );

  it('GET /v1/instruments gives 1,000 unless asked for fewer, and the client asks on until it has them all', async () => {
    await list(2_001);
    const { instruments, next } = await getOf()('/v1/instruments');
    expect([instruments.length, next]).toEqual([1_000, symbols[999]]);
    const client = await clientOf(market);
    expect((await client.instruments()).map(({ symbol }) => symbol)).toEqual(symbols);
  });
});

describe('the instruments of a cluster', () => {
  const SHARDS = 3;
  let members: readonly [HttpMember, HttpMember];
  /** Three of each shard. */
  let symbols: readonly string[];
  beforeEach(async () => {
    const cluster = new TestCluster(SHARDS);
    members = [await serveMember(cluster, 'a'), await serveMember(cluster, 'b')];
    await cluster.ready(...members);
    const all = Array.from({ length: 100 }, (_, index) => `S${index}`);
    const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
    symbols = shards.flatMap((shard) => all.filter((symbol) => shardOfSymbol(symbol, SHARDS) === shard).slice(0, 3));
    for (const symbol of symbols) await call(members[0], 'PUT', `/v1/instruments/${symbol}`, listing);
  });
  const getOf = (member: HttpMember) => async (url: string) => (await call(member, 'GET', url)).body as unknown as Body; // as its schema says

  it('The instruments of a cluster come shard after shard from the members that own them, a page at a time', async () => {
    for (const member of members) {
      const get = getOf(member);
      for (const limit of [1, 2, 3, 4, 8, 9, 100]) expect((await pagesOf(limit, get)).flat()).toEqual(symbols);
      expect(await get('/v1/instruments?after=NONE')).toMatchObject({ status: 400, code: 'INVALID_COMMAND' });
      const { positionByShard } = await get('/v1/instruments');
      expect(Object.keys(positionByShard ?? {})).toEqual(['0', '1', '2']);
    }
  });

  it('The instruments of a cluster come in pages from a member, too, that does not know of pages', async () => {
    for (const [old, young] of [members, [members[1], members[0]] as const]) {
      const execute = old.exchange.cluster.execute.bind(old.exchange.cluster);
      const refusal = { ok: false, code: 'INVALID_COMMAND', detail: 'unknown field limit' } as const;
      old.exchange.cluster.execute = async (requests) => {
        const isYoung = (request: ClusterRequest) => request.verb === 'instruments' && 'limit' in request.command;
        return Promise.all(
          requests.map(async (request) => (isYoung(request) ? refusal : ((await execute([request]))[0] ?? refusal))),
        );
      };
      for (const limit of [1, 4, 100]) expect((await pagesOf(limit, getOf(young))).flat()).toEqual(symbols);
      expect(await getOf(young)('/v1/instruments?after=NONE')).toMatchObject({ status: 400 });
      old.exchange.cluster.execute = execute;
    }
  });
});
