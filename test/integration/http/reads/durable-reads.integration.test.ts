import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { BookFold } from '../../../../projections/book/book.js';
import { bookChecksum } from '../../../../projections/book/checksum.js';
import { bookView } from '../../../../projections/book/views.js';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { foldLog } from '../../../../projections/read-models.js';
import { Exchange } from '../../../../src/exchange/exchange.js';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';
import type { PlannedFailure } from '../../../support/log/memory-log.js';
import { SilentLog } from '../../../support/log/silent-log.js';

let log: SilentLog;
let market: Market;
let app: FastifyInstance;
/** A server on the same exchange that gives up at once. */
let hasty: FastifyInstance;

/** Alice’s bid for 100 at 10.25 stands, durable. */
beforeEach(async () => {
  log = new SilentLog();
  market = await openMarket(log);
  // Before the market is closed, which waits for what the log has not taken.
  onTestFinished(() => {
    log.speak();
  });
  app = appOf(market);
  hasty = appOf(market, undefined, { catchUpMs: 1 });
  await app.inject({ method: 'POST', url: '/v1/intentions', payload: aPost() });
});

const terms = { tickSize: '0.01', lotSize: '1' };
const BID = { price: '10.25', quantity: '100', intentions: 1 };

/** Bob sells into the bid while the log is silent, and an operator lists NEW. Nobody is answered. */
async function actUnanswered(): Promise<void> {
  log.fallSilent();
  void app.inject({ method: 'POST', url: '/v1/intentions', payload: aPost({ participant: 'bob', side: 'sell' }) });
  await expect.poll(() => log.isAwaited).toBe(true);
  void market.exchange.list({ symbol: 'NEW', ...terms });
}

const get = async (url: string, from = app) => {
  const answer = await from.inject({ method: 'GET', url });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
};

/** What the log alone says of the book of ACME. */
async function bookOfLog(until: number): Promise<object> {
  const [book, directory] = [new BookFold(), new DirectoryFold()];
  await foldLog(log, [book, directory], { until });
  const instrument = directory.instrumentBySymbol('ACME');
  if (instrument === undefined) throw new Error('it is listed');
  const view = bookView(book, instrument, 10, until);
  return { ...view, checksum: bookChecksum(view) };
}

const MARKET_URLS = ['/v1/book/ACME', '/v1/instruments', '/v1/instruments/NEW'];

describe('books and instruments while the log is silent', () => {
  it('Books and instruments while the log is silent are not shown as they would be if commands that have no answer yet took effect', async () => {
    await actUnanswered();
    for (const url of MARKET_URLS) {
      const { status, body } = await get(url, hasty);
      expect([url, status, body.code]).toEqual([url, 503, 'UNAVAILABLE']);
    }
  });

  it('Books and instruments while the log is silent are shown once it has spoken, as of a position that is durable', async () => {
    await actUnanswered();
    const reads = MARKET_URLS.map((url) => get(url));
    await new Promise((resolve) => setImmediate(resolve));
    log.speak();
    const [book, instruments, instrument] = await Promise.all(reads);
    expect(book?.body).toMatchObject({ bids: [], asks: [] });
    expect(book?.body).toEqual(await bookOfLog(Number(book?.body.position)));
    expect(instruments?.body).toMatchObject({ instruments: [{ symbol: 'ACME' }, { symbol: 'NEW' }] });
    expect(Number(instruments?.body.position)).toBeLessThanOrEqual(await log.head());
    expect(instrument?.body).toMatchObject({ symbol: 'NEW' });
  });

  it('Books and instruments while the log is silent are refused with the reason when they cannot be shown', async () => {
    const own = new SilentLog();
    const exchange = await Exchange.open(own, { readMs: 1 });
    own.fallSilent();
    void exchange.list({ symbol: 'NEW', ...terms });
    const durable = await own.head();
    await expect(exchange.instruments({ limit: 1 })).rejects.toMatchObject({
      code: 'SHARD_UNAVAILABLE',
      message: `the log is durable up to position ${durable} and, after 1 ms, not yet up to ${durable + 1}; try again shortly`,
    });
    own.speak();
    await exchange.close();
  });
});

describe('a shard that has stopped', () => {
  const failures: [string, PlannedFailure][] = [
    ['does not have them', { outcome: 'unknown', stored: false }],
    ['has them', { outcome: 'unknown', stored: true }],
  ];

  it.each(failures)(
    'A shard that has stopped shows what is durable and says so, where the log %s',
    async (_where, failure) => {
      await actUnanswered();
      log.speak(failure);
      await expect.poll(() => market.exchange.status().state).toBe('stopped');
      const { status, body } = await get('/v1/book/ACME');
      const { state, reason, ...book } = body;
      expect([status, state]).toEqual([200, 'stopped']);
      expect(reason).toContain("shard 0 has stopped: the log's answer was: unknown");
      expect(book).toEqual(await bookOfLog(Number(body.position)));
      expect(book.bids).toEqual(failure.stored ? [] : [BID]);
      const listed = await get('/v1/instruments');
      expect(listed.body).toMatchObject({ instruments: [{ symbol: 'ACME' }], state: 'stopped', reason });
      expect(listed.body.position).toBe(body.position);
      expect((await get('/v1/instruments/ACME')).body).toMatchObject({ symbol: 'ACME', state: 'stopped', reason });
      expect((await get('/v1/instruments/NEW')).body).toMatchObject({ status: 404, code: 'UNKNOWN_INSTRUMENT' });
    },
  );

  it('A shard that has stopped shows the book that stands after a restart', async () => {
    await actUnanswered();
    log.speak({ outcome: 'unknown', stored: false });
    await expect.poll(() => market.exchange.status().state).toBe('stopped');
    const before = (await get('/v1/book/ACME')).body;
    const again = await Exchange.open(log.again({}));
    const after = await again.book('ACME', 10);
    expect([after?.bids, after?.asks]).toEqual([before.bids, before.asks]);
    await again.close();
  });

  it('A shard that has stopped answers those who wait for a view when it stops, with what is durable', async () => {
    await actUnanswered();
    const read = get('/v1/book/ACME');
    await new Promise((resolve) => setImmediate(resolve));
    log.speak({ outcome: 'unknown', stored: false });
    expect((await read).body).toMatchObject({ bids: [BID], state: 'stopped' });
  });

  it('A shard that has stopped is not shown where its projections cannot answer, and the reason is', async () => {
    market.store.find = () => {
      throw Object.assign(new Error('gone'), { code: 'STORE_GONE' });
    };
    log.fallSilent();
    void market.exchange.list({ symbol: 'NEW', ...terms });
    log.speak({ outcome: 'unknown', stored: false });
    await expect.poll(() => market.exchange.status().state).toBe('stopped');
    for (const url of ['/v1/book/ACME', '/v1/instruments', '/v1/instruments/ACME']) {
      const { status, body } = await get(url);
      expect([status, body.code]).toEqual([503, 'UNAVAILABLE']);
      expect(body.detail).toContain("the log's answer was: unknown");
    }
  });
});

describe('a read of an idle shard', () => {
  it('A read of an idle shard is answered at once, and records nothing', async () => {
    const ends = log.ends;
    log.fallSilent();
    const { body } = await get('/v1/book/ACME', hasty);
    expect(body).toMatchObject({ bids: [BID], position: await log.head() });
    expect((await get('/v1/instruments', hasty)).body).toMatchObject({ position: await log.head() });
    log.speak();
    await market.exchange.close();
    expect(log.ends).toEqual(ends);
  });
});
