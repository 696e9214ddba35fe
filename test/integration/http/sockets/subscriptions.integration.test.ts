import { describe, expect, it } from 'vitest';
import { as, keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, openMarket } from '../../../support/http/market.js';
import { openFeed } from '../../../support/http/feed.js';
import { SocketProgram } from '../../../support/http/sockets/socket-program.js';

const toAll = { channel: 'events', from: 0 } as const;

describe('subscriptions of a WebSocket', () => {
  it('A subscription to events brings what the feed of events brings, each as a message of its channel', async () => {
    const market = await openMarket();
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    expect(await program.ask({ id: 1, subscribe: toAll })).toEqual({ id: 1, status: 200, body: { channel: 'events' } });
    expect((await market.exchange.post(aPost() as never)).ok).toBe(true); // a good one
    const head = await market.log.head();
    const feed = await openFeed(`${url}/v1/events?from=0`);
    const events = (await feed.take(head)).map(({ data }) => ({ channel: 'events', ...data }));
    expect(await program.take(head)).toEqual(events);
  });

  it('A subscription to events goes on after the last position that its reader has, with nothing twice and no gap', async () => {
    const market = await openMarket();
    const { url } = await listen(market);
    const first = await SocketProgram.open(url);
    await first.ask({ id: 1, subscribe: toAll });
    const [before] = await first.take(1);
    const second = await SocketProgram.open(url);
    await second.ask({ id: 1, subscribe: { channel: 'events', after: Number(before?.position) } });
    const [next] = await second.take(1);
    expect(next?.position).toBe(Number(before?.position) + 1);
    const third = await SocketProgram.open(url);
    expect(await third.ask({ id: 2, subscribe: { channel: 'events', after: 1_000 } })).toMatchObject({
      ...{ id: 2, status: 409, body: { code: 'POSITION_AHEAD' } },
    });
  });

  it('A subscription is there once, and no more after it has been ended', async () => {
    const market = await openMarket();
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    const own = { channel: 'events', stream: 'intention-1' };
    expect(await program.ask({ id: 1, subscribe: own })).toEqual({ id: 1, status: 200, body: own });
    expect(await program.ask({ id: 2, subscribe: own })).toMatchObject({ id: 2, status: 400 });
    expect(await program.ask({ id: 3, unsubscribe: own })).toEqual({ id: 3, status: 200, body: own });
    expect(await program.ask({ id: 4, unsubscribe: own })).toMatchObject({ id: 4, status: 400 });
    const posted = await program.ask({ id: 5, command: aPost() });
    expect(posted).toMatchObject({ id: 5, status: 201 });
    expect(await program.ask({ id: 6, ping: {} })).toMatchObject({ id: 6 });
  });

  it('Subscriptions of a WebSocket are so many and no more, and all end with it', async () => {
    const market = await openMarket();
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    const streams = Array.from({ length: 65 }, (_, id) => ({
      id,
      subscribe: { channel: 'events', stream: `intention-${id}` },
    }));
    program.send(...streams);
    const answers = await program.take(65);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toMatchObject([{ status: 429, body: { code: 'TOO_MANY_REQUESTS' } }]);
    const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
    expect(await metrics()).toContain('parley_socket_subscriptions{channel="events"} 64');
    program.ws.close();
    await expect.poll(metrics).toContain('parley_socket_subscriptions{channel="events"} 0');
    expect(await metrics()).toMatch(/^parley_feeds 0$/m);
  });

  it.each([
    ['is no object', 7, /object/],
    ['names no channel', {}, /channel must be a string/],
    ['names a channel that there is not', { channel: 'x' }, /one of book, trades, ticker, own, events/],
    ['names no instrument where one is needed', { channel: 'book' }, /instrument is missing/],
    ['has a field of another channel', { channel: 'ticker', instrument: 'ACME', rate: 'batch' }, /no field "rate"/],
    ['has a field of a wrong kind', { channel: 'trades', instrument: 'ACME', after: '7' }, /after must be/],
    ['has a position that is none', { channel: 'own', after: -2 }, /after must be/],
    ['names a shard that there is not', { channel: 'events', shard: 9 }, /no shard 9/],
    ['names an instrument that there is not', { channel: 'trades', instrument: 'NONE' }, /"NONE"/],
  ])(
    'A subscription that %s is refused with what is wrong about it, and the WebSocket stays',
    async (_what, wish, says) => {
      const { url } = await listen(await openMarket());
      const program = await SocketProgram.open(url);
      const answer = await program.ask({ id: 1, subscribe: wish });
      expect(answer).toMatchObject({ id: 1, body: { detail: expect.stringMatching(says) as string } });
      expect(answer?.status).toBeGreaterThanOrEqual(400);
      expect(await program.ask({ id: 2, ping: {} })).toMatchObject({ id: 2, status: 200 });
    },
  );

  it('A subscription takes a key whose role may read that', async () => {
    const { url } = await listen(await openMarket(), { keyFile: await keyFile() });
    const alice = await SocketProgram.open(url, as.alice);
    expect(await alice.ask({ id: 1, subscribe: toAll })).toMatchObject({ id: 1, status: 403 });
    const data = await SocketProgram.open(url, as.marketData);
    expect(await data.ask({ id: 1, subscribe: { channel: 'own' } })).toMatchObject({ id: 1, status: 403 });
    const auditor = await SocketProgram.open(url, as.auditor);
    expect(await auditor.ask({ id: 1, subscribe: toAll })).toMatchObject({ id: 1, status: 200 });
  });

  it('A subscription whose log cannot be followed is ended with why, and the WebSocket stays', async () => {
    const market = await openMarket();
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    market.log.follow = async function* () {
      // it comes to an end, as no log does
    };
    await program.ask({ id: 1, subscribe: { channel: 'events' } });
    expect(await program.take(1)).toMatchObject([{ channel: 'events', type: 'ended', code: 'UNAVAILABLE' }]);
    expect(await program.ask({ id: 2, ping: {} })).toMatchObject({ id: 2, status: 200 });
  });
});
