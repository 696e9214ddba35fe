import { beforeEach, describe, expect, it } from 'vitest';
import type { Fetch, PostAnswer, PostIntention } from '../../../../src/client/index.js';
import { clientOf, post } from '../../../support/http/client.js';
import { keyFile } from '../../../support/http/key-file.js';
import { type Market, openMarket } from '../../../support/http/market.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

async function collect(answers: AsyncIterable<PostAnswer>): Promise<PostAnswer[]> {
  const all: PostAnswer[] = [];
  for await (const answer of answers) all.push(answer);
  return all;
}

/** The true fetch, whose answers to posts break after so many bytes, as often as said. */
function breakingFetch(breaks: number[]): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const atBytes = breaks.shift();
    if (atBytes === undefined || response.body === null) return response;
    let left = atBytes;
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        controller.enqueue(bytes.subarray(0, left));
        left -= bytes.length;
        if (left < 0) controller.error(new TypeError('terminated'));
      },
    });
    return new Response(response.body.pipeThrough(cut), { status: response.status, headers: response.headers });
  };
}

describe('the client’s stream of posts', () => {
  const many = (count: number): PostIntention[] => Array.from({ length: count }, (_, index) => post(`s-${index}`));

  it('The client’s stream of posts has an answer for each, in order', async () => {
    const client = await clientOf(market);
    const posts = [post('a-1'), post('a-2', { price: '10.255' }), post('a-3', { instrument: 'NONE' }), post('a-4')];
    const answers = await collect(client.postIntentions(posts));
    expect(answers.map((answer) => (answer.ok ? answer.intention.clientIntentionId : answer.code))).toEqual([
      'a-1',
      'PRICE_OFF_TICK',
      'UNKNOWN_INSTRUMENT',
      'a-4',
    ]);
    expect(answers.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(await collect(client.postIntentions([]))).toEqual([]);
  });

  it('The client’s stream of posts answers as posts come, and takes no more from the source than its window', async () => {
    const client = await clientOf(market);
    let given = 0;
    async function* source(): AsyncGenerator<PostIntention> {
      for (const each of many(1_000)) {
        given++;
        yield each;
      }
    }
    let taken = 0;
    for await (const answer of client.postIntentions(source(), { window: 50 })) {
      expect(answer.index).toBe(taken++);
      expect(given - taken).toBeLessThanOrEqual(51);
    }
    expect(taken).toBe(1_000);
  });

  it('The client’s stream of posts goes on over another connection when one breaks, and each is one intention all the same', async () => {
    const client = await clientOf(market, { fetch: breakingFetch([0, 1_000, 30_000]) });
    const answers = await collect(client.postIntentions(many(500), { window: 100 }));
    expect(answers.map((answer) => answer.ok && answer.intention.clientIntentionId)).toEqual(
      many(500).map(({ clientIntentionId }) => clientIntentionId),
    );
    expect(market.exchange.status().intentions).toBe(500);
  });

  it('The client’s stream of posts gives up when nothing helps', async () => {
    const client = await clientOf(market, { fetch: () => Promise.reject(new TypeError('no way')) });
    await expect(collect(client.postIntentions(many(3)))).rejects.toMatchObject({ code: 'UNREACHABLE' });
    const strangers = await clientOf(market, { keyFile: await keyFile(), key: 'strangers-key' });
    await expect(collect(strangers.postIntentions(many(3)))).rejects.toMatchObject({ status: 401 });
  });

  it('The client’s stream of posts throws what the source throws, and lets the source go when it is left', async () => {
    const client = await clientOf(market);
    async function* failing(): AsyncGenerator<PostIntention> {
      yield post('a-1');
      throw new Error('no more');
    }
    await expect(collect(client.postIntentions(failing()))).rejects.toThrow('no more');
    let isLetGo = false;
    async function* endless(): AsyncGenerator<PostIntention> {
      try {
        for (let index = 0; ; index++) yield post(`e-${index}`);
      } finally {
        isLetGo = true;
      }
    }
    for await (const answer of client.postIntentions(endless())) if (answer.index === 10) break;
    expect(isLetGo).toBe(true);
  });
});
