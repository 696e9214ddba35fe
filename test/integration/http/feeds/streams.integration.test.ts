import { beforeEach, describe, expect, it } from 'vitest';
import { bookChecksum } from '../../../../projections/book/checksum.js';
import type { BookDiff, BookSnapshot } from '../../../../projections/streams/messages.js';
import { auditor, marketData, operator, participantNamed, type Actor } from '../../../../src/api/access.js';
import type { KeyInUse } from '../../../../src/server/doors/access.js';
import { type Feed, openFeed } from '../../../support/http/feed.js';
import { aPost, listen, type Market, openMarket } from '../../../support/http/market.js';
import { ReplayedBook } from '../../../unit/projections/streams/replayed-book.js';

let market: Market;
let url: string;

beforeEach(async () => {
  market = await openMarket();
  url = (await listen(market)).url;
});

/** Posts as alice, or as somebody else. Returns the position. */
async function post(fields: Readonly<Record<string, unknown>> = {}): Promise<number> {
  const answer = await fetch(`${url}/v1/intentions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(aPost(fields)),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { position: number }).position;
}

const sell = { side: 'sell', participant: 'bob' };
const stream = (path: string, headers: Record<string, string> = {}): Promise<Feed> =>
  openFeed(`${url}/v1/${path}`, headers);
const refused = async (path: string): Promise<unknown> => (await fetch(`${url}/v1/${path}`)).json();

async function bookNow(): Promise<{ bids: unknown; asks: unknown }> {
  const { bids, asks } = (await (await fetch(`${url}/v1/book/ACME?depth=1000`)).json()) as {
    bids: unknown;
    asks: unknown;
  };
  return { bids, asks };
}

describe('the stream of a book', () => {
  it('The stream of a book begins with all of it, and goes on with what each batch changes', async () => {
    await post();
    const feed = await stream('book/ACME/stream');
    const [first] = await feed.take(1);
    expect(first).toMatchObject({
      event: 'snapshot',
      data: { channel: 'book', type: 'snapshot', phase: 'continuous' },
    });
    expect(first?.id).toBe(String(first?.data.position));
    const kept = new ReplayedBook(first?.data as unknown as BookSnapshot);
    for (const fields of [
      { price: '10.20' },
      { ...sell, price: '10.25', quantity: '40' },
      { ...sell, price: '11.00' },
    ]) {
      const position = await post(fields);
      const [diff] = await feed.take(1);
      expect(diff?.event).toBe('diff');
      kept.take(diff?.data as unknown as BookDiff);
      expect(kept.position).toBeGreaterThan(position);
      const { bids, asks } = kept.view();
      expect({ bids, asks }).toEqual(await bookNow());
      expect(kept.checksum).toBe(bookChecksum(kept.view()));
    }
  });

  it('The stream of a book at ten messages a second says together what several batches have changed', async () => {
    const feed = await stream('book/ACME/stream?rate=100ms');
    const [first] = await feed.take(1);
    const kept = new ReplayedBook(first?.data as unknown as BookSnapshot);
    const prices = Array.from({ length: 30 }, (_, index) => `${9 + index / 100}`);
    for (const price of prices) await post({ price: Number(price).toFixed(2) });
    let messages = 0;
    while (kept.view().bids.length < prices.length) {
      const [diff] = await feed.take(1);
      kept.take(diff?.data as unknown as BookDiff);
      messages++;
    }
    expect(messages).toBeLessThan(prices.length);
    expect(kept.view()).toMatchObject(await bookNow());
  });

  it('The stream of a book says when its phase changes', async () => {
    const feed = await stream('book/ACME/stream');
    await feed.take(1);
    await market.exchange.changePhase({ instrument: 'ACME', phase: 'call' });
    expect((await feed.take(1))[0]?.data).toMatchObject({ type: 'diff', phase: 'call', bids: [], asks: [] });
  });

  it('The stream of a book that is not listed, or at a rate that there is not, is refused', async () => {
    expect(await refused('book/NONE/stream')).toMatchObject({ code: 'UNKNOWN_INSTRUMENT' });
    expect(await refused('book/ACME/stream?rate=5ms')).toMatchObject({ code: 'INVALID_COMMAND' });
  });
});

describe('the streams of trades and tickers', () => {
  it('The stream of trades goes on after the last one that a reader has', async () => {
    await post();
    await post({ ...sell, price: '10.25', quantity: '10' });
    const feed = await stream('trades/ACME/stream?from=0');
    const [first] = await feed.take(1);
    const trade = {
      channel: 'trades',
      type: 'trade',
      instrument: 'ACME',
      price: '10.25',
      quantity: '10',
      takerSide: 'sell',
    };
    expect(first).toMatchObject({ event: 'trade', data: trade });
    expect(Object.keys(first?.data ?? {}).sort()).toEqual([...Object.keys(trade), 'at', 'position'].sort());
    await post({ ...sell, price: '10.25', quantity: '20' });
    const [second] = await feed.take(1);
    expect(second?.data.quantity).toBe('20');
    const again = await stream('trades/ACME/stream', { 'last-event-id': first?.id ?? '' });
    expect((await again.take(1))[0]).toEqual(second);
    expect((await (await stream(`trades/ACME/stream?after=${first?.id ?? ''}`)).take(1))[0]).toEqual(second);
  });

  it('The stream of a ticker says it at once, and again when it has changed', async () => {
    await post();
    const feed = await stream('ticker/ACME/stream');
    const [first] = await feed.take(1);
    expect(first?.data).toMatchObject({
      channel: 'ticker',
      type: 'ticker',
      instrument: 'ACME',
      bestBid: '10.25',
      deals: 0,
    });
    await post({ ...sell, price: '10.25', quantity: '10' });
    const [second] = await feed.take(1);
    expect(second?.data).toMatchObject({ last: '10.25', volume: '10', deals: 1, change: '0.00', high: '10.25' });
  });
});

describe('one’s own stream', () => {
  it('One’s own stream says what each event did to an intention, and resumes after any of them', async () => {
    const feed = await stream('own/stream?participant=alice');
    await post();
    await post({ ...sell, price: '10.25', quantity: '40' });
    const told = await feed.take(3);
    expect(told.map(({ event }) => event)).toEqual(['posted', 'reserved', 'dealt']);
    const [posted, , dealt] = told;
    expect(posted?.data).toMatchObject({ status: 'open', open: '100', intention: { type: 'limit', price: '10.25' } });
    expect(dealt?.data).toMatchObject({
      price: '10.25',
      quantity: '40',
      filled: '40',
      open: '60',
      counterparty: 'bob',
    });
    const again = await stream('own/stream?participant=alice', { 'last-event-id': posted?.id ?? '' });
    expect(await again.take(2)).toEqual(told.slice(1));
  });

  it('One’s own stream says how far it is while nothing happens to its participant', async () => {
    const feed = await stream('own/stream?participant=carol');
    const position = await post();
    const [told] = await feed.take(1);
    expect(told?.data).toMatchObject({ channel: 'own', type: 'upTo' });
    expect(Number(told?.data.position)).toBeGreaterThan(position);
    expect(Number(told?.id)).toBe(Number(told?.data.position) - 1);
  });

  it('One’s own stream begins at a position that is not beyond the log’s head, in a shard that there is', async () => {
    const head = await market.log.head();
    expect(await refused(`own/stream?from=${head + 1}`)).toMatchObject({ code: 'POSITION_AHEAD' });
    expect(await refused('own/stream?from=0&after=0')).toMatchObject({ code: 'INVALID_COMMAND' });
    expect(await refused('own/stream?shard=3')).toMatchObject({ code: 'UNKNOWN_SHARD' });
  });
});

describe('who may be sent a stream', () => {
  const revocation = new AbortController();
  const actors: Readonly<Record<string, Actor>> = {
    alice: participantNamed('alice'),
    operator,
    auditor,
    market: marketData,
  };

  const keyed = async (): Promise<void> => {
    const keys = {
      secured: true,
      identify: (header: string | undefined) => {
        const name = (header ?? '').replace('Bearer ', '');
        const key: KeyInUse = { id: name, weight: 1, revoked: revocation.signal };
        return { ...(actors[name] ?? operator), key };
      },
    };
    const { buildApp } = await import('../../../../src/server/app.js');
    const app = buildApp({ ...market, keys: keys as never }); // what the gates ask of a keyring
    url = await app.listen({ port: 0, host: '127.0.0.1' });
  };

  it('A key for market data is sent books, trades and tickers, and nothing of anybody', async () => {
    await keyed();
    const as = (name: string) => ({ authorization: `Bearer ${name}` });
    for (const path of ['book/ACME/stream', 'ticker/ACME/stream']) {
      expect(await (await stream(path, as('market'))).take(1)).toHaveLength(1);
    }
    await stream('trades/ACME/stream', as('market'));
    await expect(stream('own/stream', as('market'))).rejects.toThrow('FORBIDDEN');
    await expect(stream('own/stream?participant=bob', as('alice'))).rejects.toThrow('FORBIDDEN');
    await stream('own/stream', as('auditor'));
  });

  it('A stream ends, and says why, when its key is taken back', async () => {
    await keyed();
    const feed = await stream('book/ACME/stream', { authorization: 'Bearer market' });
    await feed.take(1);
    revocation.abort();
    expect((await feed.take(1))[0]).toMatchObject({ event: 'error', data: { code: 'UNAUTHENTICATED' } });
    await feed.ended.catch(() => undefined);
  });
});
