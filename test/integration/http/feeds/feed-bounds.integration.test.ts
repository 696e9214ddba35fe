import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { EventBatch } from '../../../../src/events/fold.js';
import type { KeyInUse } from '../../../../src/server/doors/access.js';
import { feedAdmission } from '../../../../src/server/feeds/feed-options.js';
import { FeedHub } from '../../../../src/server/feeds/hub/feed-hub.js';
import type { FeedReceiver, FeedSource, FeedWish } from '../../../../src/server/feeds/feed-source.js';
import { LocalFeeds } from '../../../../src/server/feeds/local-feeds.js';
import { openKeyring } from '../../../../src/server/keys/keys.js';
import { type Feed, openFeed } from '../../../support/http/feed.js';
import { appOf, listen, type Market, openMarket } from '../../../support/http/market.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

/** From now on the log, once its first batch has been given, gives it again and again at the positions that follow, without end. */
async function endless(): Promise<void> {
  const batches: EventBatch[] = [];
  for await (const batch of market.log.read(0)) batches.push(batch);
  const [first = { firstPosition: 0, count: 0, bytes: Buffer.alloc(0) }] = batches;
  market.log.follow = async function* (from, signal) {
    let position = from - (from % first.count);
    for (; !signal.aborted; position += first.count) yield { ...first, firstPosition: position };
  };
}

/** A connection that asks for all events and takes nothing. */
async function unread(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write('GET /v1/events?from=0 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
  return socket;
}

const metric = async (url: string, name: string): Promise<string | undefined> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').find((line) => line.startsWith(name));
};

describe('a feed whose reader takes nothing', () => {
  it('A feed whose reader takes nothing is cut after a while, which is counted and logged, and the others go on', async () => {
    await endless();
    const { url } = await listen(market, { feeds: { stallMs: 1 } });
    await unread(url);
    const cut = () => metric(url, 'parley_feeds_cut_total{reason="stalled"}');
    await expect.poll(cut).toBe('parley_feeds_cut_total{reason="stalled"} 1');
    await expect.poll(() => metric(url, 'parley_feeds ')).toBe('parley_feeds 0');
    expect(market.logged.map(({ msg }) => msg)).toContain('feeds were cut whose readers take nothing');
    const other = await openFeed(`${url}/v1/events?from=0`);
    expect((await other.take(2_000)).map(({ id }) => id)).toEqual(Array.from({ length: 2_000 }, (_, at) => String(at)));
  });

  it('A feed whose reader takes nothing is cut when all feeds together hold more than they may, the one that has stood longest first', async () => {
    await endless();
    const { url } = await listen(market, { feeds: { maxHeldBytes: 1 } });
    await unread(url);
    const cut = () => metric(url, 'parley_feeds_cut_total{reason="budget"}');
    await expect.poll(async () => (await unread(url), cut())).toMatch(/ [1-9]\d*$/);
  });

  it('A feed whose reader takes nothing goes on after the last event that it has when it comes back', async () => {
    await endless();
    market.exchange.shownStatus = { durable: 1e9 };
    const { url } = await listen(market, { feeds: { stallMs: 1 } });
    const socket = await unread(url);
    await expect.poll(() => metric(url, 'parley_feeds ')).toBe('parley_feeds 0');
    let text = '';
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
    await once(socket, 'close');
    const ids = [...text.matchAll(/^id: (\d+)\nevent: .*\ndata: .*\n\n/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(ids.map((_, at) => at));
    const last = ids.at(-1) ?? -1;
    const feed = await openFeed(`${url}/v1/events`, { 'last-event-id': String(last) });
    expect((await feed.take(1))[0]?.id).toBe(String(last + 1));
  });
});

describe('a key that is taken back', () => {
  it('A key that is taken back ends the feeds that it has, and tells why', async () => {
    const revoking = new AbortController();
    const caller = openKeyring.identify(undefined, undefined);
    const signer = () => undefined;
    const keys = {
      secured: true,
      signer,
      identify: () => ({ ...caller, key: { ...caller.key, revoked: revoking.signal } }),
    };
    const app = appOf(market, keys);
    const url = await app.listen({ port: 0 });
    const feeds = [await openFeed(`${url}/v1/events?from=0`), await openFeed(`${url}/v1/events`)];
    await feeds[0]?.take(1);
    revoking.abort();
    const lastOf = async (feed: Feed | undefined): Promise<unknown> => {
      for (;;) {
        const [event] = (await feed?.take(1)) ?? [];
        if (event?.event === 'error') return event.data;
      }
    };
    for (const feed of feeds) {
      expect(await lastOf(feed)).toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(feed.ended).rejects.toThrow();
    }
  });
});

describe('the number of feeds', () => {
  it('The number of feeds is bounded: one more is refused with 429 until one has ended', async () => {
    const { url } = await listen(market, { feeds: { maxFeeds: 2 } });
    const first = await fetch(`${url}/v1/events`);
    await openFeed(`${url}/v1/events`);
    const refused = await fetch(`${url}/v1/events`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    await first.body?.cancel();
    await expect.poll(async () => (await fetch(`${url}/v1/events`)).status).toBe(200);
  });

  const key = (id: string): KeyInUse => ({ id, weight: 1, revoked: new AbortController().signal });

  it('The number of feeds leaves half as many for others as one key has', () => {
    const admit = feedAdmission(100);
    const admitted = (id: string): number => {
      let count = 0;
      while (admit(key(id)) !== undefined) count++;
      return count;
    };
    expect([admitted('a'), admitted('b'), admitted('c'), admitted('d'), admitted('e')]).toEqual([66, 22, 12, 0, 0]);
  });

  it('The number of feeds is given back as feeds end', () => {
    const admit = feedAdmission(1);
    const release = admit(key('a'));
    expect(admit(key('b'))).toBeUndefined();
    release?.();
    expect(admit(key('b'))).toBeDefined();
  });
});

describe('what reads the log', () => {
  /** A stand-in for a source in another thread: the local one, which can be away, and can fail. */
  class Frail implements FeedSource {
    private receiver: FeedReceiver | undefined;
    isAway = false;
    private readonly local = new LocalFeeds<FeedWish>(market.logs, (log, takeRound) => new FeedHub(log, takeRound));

    connect(receiver: FeedReceiver): void {
      this.receiver = receiver;
      this.local.connect(receiver);
    }
    subscribe(...[id, wish]: Parameters<FeedSource['subscribe']>): ReturnType<FeedSource['subscribe']> {
      if (this.isAway) return { ok: false, code: 'UNAVAILABLE', detail: 'away' };
      return this.local.subscribe(id, wish);
    }
    unsubscribe(shard: number, id: number): void {
      this.local.unsubscribe(shard, id);
    }
    credit(shard: number, credits: readonly number[]): void {
      this.local.credit(shard, credits);
    }
    acknowledge(shard: number): void {
      this.local.acknowledge(shard);
    }
    fail(): void {
      this.isAway = true;
      this.receiver?.lost(new Error('gone'));
    }
  }

  it('What reads the log ends every feed with UNAVAILABLE when it fails, and refuses new ones until it is back', async () => {
    const source = new Frail();
    const { url } = await listen(market, { feeds: { source } });
    const feed = await openFeed(`${url}/v1/events?from=0`);
    await feed.take(1);
    source.fail();
    let last = (await feed.take(1))[0];
    while (last?.event !== 'error') last = (await feed.take(1))[0];
    expect(last.data).toMatchObject({ code: 'UNAVAILABLE' });
    await expect(feed.ended).rejects.toThrow();
    expect((await fetch(`${url}/v1/events`)).status).toBe(503);
    source.isAway = false;
    await openFeed(`${url}/v1/events`);
  });
});
