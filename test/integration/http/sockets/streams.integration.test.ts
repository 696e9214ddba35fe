import { beforeEach, describe, expect, it } from 'vitest';
import { as, keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, type Market, openMarket } from '../../../support/http/market.js';
import { type SocketMessage, SocketProgram } from '../../../support/http/sockets/socket-program.js';

let market: Market;
let url: string;
let operator: SocketProgram;

beforeEach(async () => {
  market = await openMarket();
  ({ url } = await listen(market, { keyFile: await keyFile() }));
  operator = await SocketProgram.open(url, as.operator);
});

let ids = 0;
async function post(fields: Readonly<Record<string, unknown>>): Promise<number> {
  const answer = await operator.ask({ id: ++ids, command: aPost(fields) });
  expect(answer).toMatchObject({ id: ids, status: 201 });
  return Number(answer?.body?.position);
}

/** Until one of this type has come, which is the last. */
async function takeUntil(program: SocketProgram, type: string): Promise<SocketMessage[]> {
  const taken: SocketMessage[] = [];
  for (;;) {
    const [next] = await program.take(1);
    if (next === undefined) throw new Error('it was closed');
    taken.push(next);
    if (next.type === type) return taken;
  }
}

describe('streams over a WebSocket', () => {
  it('A stream of a book over a WebSocket is a snapshot, and then diffs that join it without a gap', async () => {
    await post({ quantity: '7' });
    const reader = await SocketProgram.open(url, as.marketData);
    const wish = { channel: 'book', instrument: 'ACME' };
    expect(await reader.ask({ id: 1, subscribe: wish })).toEqual({ id: 1, status: 200, body: wish });
    const [snapshot] = await reader.take(1);
    expect(snapshot).toMatchObject({ ...wish, type: 'snapshot', bids: [{ price: '10.25', quantity: '7' }], asks: [] });
    let position = snapshot?.position;
    for (const quantity of ['3', '4']) {
      await post({ quantity });
      const [diff] = await reader.take(1);
      expect(diff).toMatchObject({ ...wish, type: 'diff', from: position });
      position = diff?.position;
    }
  });

  it('Streams of trades and of a ticker over a WebSocket tell what was dealt, to keys for market data too', async () => {
    const reader = await SocketProgram.open(url, as.marketData);
    for (const channel of ['trades', 'ticker']) {
      reader.send({ id: channel, subscribe: { channel, instrument: 'ACME' } });
    }
    await reader.take(2);
    await post({ price: '10.00' });
    await post({ participant: 'bob', side: 'sell', price: '10.00', quantity: '40' });
    const trade = { channel: 'trades', type: 'trade', price: '10.00', quantity: '40', takerSide: 'sell' };
    await expect.poll(() => reader.said).toContainEqual(expect.objectContaining(trade));
    const ticker = { channel: 'ticker', type: 'ticker', last: '10.00', volume: '40' };
    await expect.poll(() => reader.said).toContainEqual(expect.objectContaining(ticker));
  });

  it('A stream of one’s own over a WebSocket tells what happens to one’s intentions, and goes on after a position with nothing twice', async () => {
    const alice = await SocketProgram.open(url, as.alice);
    expect(await alice.ask({ id: 1, subscribe: { channel: 'own' } })).toMatchObject({ status: 200 });
    await post({ clientIntentionId: 'own-1', price: '10.00', quantity: '5' });
    await post({ participant: 'bob', side: 'sell', price: '10.00', quantity: '5' });
    const told = await takeUntil(alice, 'dealt');
    expect(told[0]).toMatchObject({ channel: 'own', type: 'posted', clientIntentionId: 'own-1' });
    expect(told.at(-1)).toMatchObject({ type: 'dealt', price: '10.00', quantity: '5', status: 'filled' });
    const again = await SocketProgram.open(url, as.alice);
    await again.ask({ id: 1, subscribe: { channel: 'own', after: told[0]?.position } });
    const rest = await takeUntil(again, 'dealt');
    const withoutUpTo = (some: readonly SocketMessage[]): SocketMessage[] => some.filter(({ type }) => type !== 'upTo');
    expect(withoutUpTo(rest)).toEqual(withoutUpTo(told.slice(1)));
  });

  it('A stream of one’s own over a WebSocket is of nobody else, unless an operator asks', async () => {
    const alice = await SocketProgram.open(url, as.alice);
    const bobs = { channel: 'own', participant: 'bob' };
    expect(await alice.ask({ id: 1, subscribe: bobs })).toMatchObject({ id: 1, status: 403 });
    expect(await operator.ask({ id: 'bobs', subscribe: bobs })).toEqual({ id: 'bobs', status: 200, body: bobs });
  });
});
