import { beforeEach, describe, expect, it } from 'vitest';
import { FileKeyring } from '../../../src/server/keys.js';
import { as, keyFile } from '../../support/http/key-file.js';
import { type Market, aPost, appOf, listen, openMarket } from '../../support/http/market.js';
import { type Feed, openFeed } from '../../support/http/feed.js';

let market: Market;
let url: string;
beforeEach(async () => {
  market = await openMarket();
  url = (await listen(market, { heartbeatMs: 50 })).url;
});

const post = async (fields = {}): Promise<void> => {
  const answer = await market.exchange.post(aPost(fields) as unknown as Parameters<typeof market.exchange.post>[0]); // a whole one
  expect(answer.ok).toBe(true);
};

const feedFrom = (query = '', headers: Record<string, string> = {}): Promise<Feed> =>
  openFeed(`${url}/v1/events${query}`, headers);

describe('GET /v1/events', () => {
  it('sends every event from a position on, with its position as id and its type as event', async () => {
    await post();
    await post({ participant: 'bob', side: 'sell', quantity: '40' });
    const feed = await feedFrom('?from=0');
    const events = await feed.take(await market.log.head());
    expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => index));
    expect(events[0]).toMatchObject({
      event: 'ShardStarted',
      data: { position: 0, stream: 'shard-0', type: 'ShardStarted' },
    });
    const deal = events.find(({ event }) => event === 'DealConfirmed');
    expect(deal?.data).toMatchObject({
      stream: 'deal-1-1',
      version: 1,
      initiatorId: 1,
      dealNumber: 1,
      quantityLots: 40,
    });
    expect(feed.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  });

  it('goes on live', async () => {
    const feed = await feedFrom('?type=IntentionPosted&from=0');
    await post({ clientIntentionId: 'live-1' });
    expect((await feed.take(1))[0]?.data.clientIntentionId).toBe('live-1');
    await post({ clientIntentionId: 'live-2' });
    expect((await feed.take(1))[0]?.data.clientIntentionId).toBe('live-2');
  });

  it('resumes after Last-Event-ID, whatever `from` says', async () => {
    await post();
    const all = await (await feedFrom('?from=0')).take(await market.log.head());
    const rest = await feedFrom('?from=0', { 'last-event-id': '2' });
    expect(await rest.take(all.length - 3)).toEqual(all.slice(3));
  });

  it('sends only what is new when no position is given, and says from where', async () => {
    await post();
    const head = await market.log.head();
    const feed = await feedFrom();
    expect(feed.headers.get('parley-from')).toBe(String(head));
    await post();
    expect(Number((await feed.take(1))[0]?.id)).toBe(head);
  });

  it('lets a stream and types through, and nothing else', async () => {
    await post();
    await post({ participant: 'bob', side: 'sell' });
    await post();
    const stream = await feedFrom('?from=0&stream=intention-1');
    expect((await stream.take(3)).map(({ event }) => event)).toEqual([
      'IntentionPosted',
      'ProposalMade',
      'DealSettled',
    ]);
    const types = await feedFrom('?from=0&type=DealConfirmed,IntentionPosted');
    expect((await types.take(4)).map(({ event }) => event)).toEqual([
      'IntentionPosted',
      'IntentionPosted',
      'DealConfirmed',
      'IntentionPosted',
    ]);
  });

  it('says that it is alive while nothing happens', async () => {
    const feed = await feedFrom();
    await expect.poll(() => feed.comments()).toBeGreaterThan(1);
  });

  it.each([['?from=-1'], ['?from=x'], ['?colour=red']])('refuses %s', async (query) => {
    const answer = await fetch(`${url}/v1/events${query}`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'INVALID_COMMAND']);
  });

  it('refuses a Last-Event-ID that is no position', async () => {
    const answer = await fetch(`${url}/v1/events`, { headers: { 'last-event-id': 'x' } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'INVALID_COMMAND']);
  });

  it('waits for a slow reader instead of keeping what it does not take', async () => {
    const posts = Array.from({ length: 20_000 }, () => aPost());
    for (let at = 0; at < posts.length; at += 500) {
      await market.exchange.postAll(posts.slice(at, at + 500) as never); // whole ones
    }
    const batches = market.log.ends.length;
    let given = 0;
    const follow = market.log.follow.bind(market.log);
    market.log.follow = async function* (from, signal) {
      for await (const batch of follow(from, signal)) {
        given++;
        yield batch;
      }
    };
    const answer = await fetch(`${url}/v1/events?from=0`);
    let before = -1;
    await expect
      .poll(() => given === before || ((before = given), false), { interval: 200, timeout: 10_000 })
      .toBe(true);
    expect(given).toBeLessThan(batches);
    let last = '';
    for await (const bytes of answer.body ?? []) {
      last = Buffer.from(bytes as Uint8Array).toString();
      if (given >= batches && last.includes('BatchSealed')) break;
    }
    expect(given).toBe(batches);
  });
});

describe('GET /v1/events with keys', () => {
  it('lets an operator follow all, a participant its own intentions, and nobody without a key', async () => {
    const keys = await FileKeyring.load(await keyFile());
    const app = appOf(market, keys);
    await post();
    const status = async (query: string, headers: Record<string, string>): Promise<number> => {
      const answer = await app.inject({ method: 'GET', url: `/v1/events${query}`, headers, payloadAsStream: true });
      answer.stream().destroy();
      return answer.statusCode;
    };
    expect(await status('', as.operator)).toBe(200);
    expect(await status('?stream=intention-1', as.alice)).toBe(200);
    expect(await status('', as.alice)).toBe(403);
    expect(await status('?stream=deal-1-1', as.alice)).toBe(403);
    expect(await status('?stream=intention-1', as.bob)).toBe(403);
    expect(await status('?stream=intention-9', as.bob)).toBe(403);
    expect(await status('', {})).toBe(401);
  });
});
