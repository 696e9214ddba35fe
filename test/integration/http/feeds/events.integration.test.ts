import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventBatch } from '../../../../src/events/fold.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { type Market, aPost, appOf, listen, openMarket } from '../../../support/http/market.js';
import { type Feed, openFeed } from '../../../support/http/feed.js';
import { standingStill } from '../../../support/http/standing-still.js';

let market: Market;
let url: string;
beforeEach(async () => {
  market = await openMarket();
  url = (await listen(market, { heartbeatMs: 50 })).url;
});

/** More than what systems keep of a connection that nobody reads. */
const MOST_BYTES = 1 << 25;

const post = async (fields = {}): Promise<void> => {
  const answer = await market.exchange.post(aPost(fields) as unknown as Parameters<typeof market.exchange.post>[0]); // a whole one
  expect(answer.ok).toBe(true);
};

const feedFrom = (query = '', headers: Record<string, string> = {}): Promise<Feed> =>
  openFeed(`${url}/v1/events${query}`, headers);

describe('GET /v1/events', () => {
  it('GET /v1/events sends every event from a position on, with its position as id and its type as event', async () => {
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

  it('GET /v1/events goes on live', async () => {
    const feed = await feedFrom('?type=IntentionPosted&from=0');
    await post({ clientIntentionId: 'live-1' });
    expect((await feed.take(1))[0]?.data.clientIntentionId).toBe('live-1');
    await post({ clientIntentionId: 'live-2' });
    expect((await feed.take(1))[0]?.data.clientIntentionId).toBe('live-2');
  });

  it('GET /v1/events resumes after Last-Event-ID, whatever `from` says', async () => {
    await post();
    const all = await (await feedFrom('?from=0')).take(await market.log.head());
    const rest = await feedFrom('?from=0', { 'last-event-id': '2' });
    expect(await rest.take(all.length - 3)).toEqual(all.slice(3));
  });

  it('GET /v1/events sends only what is new when no position is given, and says from where', async () => {
    await post();
    const head = await market.log.head();
    const feed = await feedFrom();
    expect(feed.headers.get('parley-from')).toBe(String(head));
    await post();
    expect(Number((await feed.take(1))[0]?.id)).toBe(head);
  });

  it('GET /v1/events lets a stream and types through, and nothing else', async () => {
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

  it('GET /v1/events says that it is alive while nothing happens', async () => {
    const feed = await feedFrom();
    await expect.poll(() => feed.comments()).toBeGreaterThan(1);
  });

  it.each([['?from=-1'], ['?from=x'], ['?colour=red']])('GET /v1/events refuses %s', async (query) => {
    const answer = await fetch(`${url}/v1/events${query}`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'INVALID_COMMAND']);
  });

  it('GET /v1/events refuses a Last-Event-ID that is no position', async () => {
    const answer = await fetch(`${url}/v1/events`, { headers: { 'last-event-id': 'x' } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'INVALID_COMMAND']);
  });

  it('GET /v1/events waits for a slow reader instead of keeping what it does not take', async () => {
    await market.exchange.postAll(Array.from({ length: 500 }, () => aPost()) as never); // whole ones
    const batches: EventBatch[] = [];
    for await (const batch of market.log.read(0)) batches.push(batch);
    const [last = { firstPosition: 0, count: 0, bytes: Buffer.alloc(0) }] = batches.slice(-1);
    let given = 0;
    let isEnough = false;
    // A stand-in for a log that does not end: its last batch over and over, each time at the place that comes next.
    market.log.follow = async function* (_from, signal) {
      while (!isEnough) yield { ...last, firstPosition: given++ * last.count };
      await once(signal, 'abort');
    };
    const answer = await fetch(`${url}/v1/events?from=0`);
    await standingStill(url, () => given, MOST_BYTES / last.bytes.length);
    isEnough = true;
    let text = '';
    for await (const bytes of answer.body ?? []) {
      text += Buffer.from(bytes as Uint8Array).toString();
      if (text.includes(`\nid: ${given * last.count - 1}\n`)) break;
    }
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(Array.from({ length: given * last.count }, (_, position) => position));
  });
});

describe('GET /v1/events with keys', () => {
  it('GET /v1/events with keys lets an operator follow all, a participant its own intentions, and nobody without a key', async () => {
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
