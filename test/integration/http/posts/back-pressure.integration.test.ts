import { request } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Market, aPost, listen, openMarket } from '../../../support/http/market.js';
import { standingStill } from '../../../support/http/standing-still.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

/** More than what systems keep of a connection that nobody reads. */
const MOST_BYTES = 1 << 27;
const headers = { 'content-type': 'application/x-ndjson' };
const line = (fields = {}): string => JSON.stringify(aPost(fields));

describe('a stream of posts', () => {
  /** Sends for as long as the server reads. What it returns ends the stream, waits for all answers, and tells how many there were. */
  async function sendUntilStuck(url: string): Promise<() => Promise<number>> {
    const post = request(`${url}/v1/intentions`, { method: 'POST', headers });
    const answered = new Promise<number>((resolve, reject) => {
      post.on('error', reject);
      post.on('response', (response) => {
        let lines = 0;
        response.on('data', (bytes: Buffer) => (lines += bytes.toString().split('\n').length - 1));
        response.on('end', () => resolve(lines));
      });
    });
    answered.catch(() => undefined);
    onTestFinished(() => void post.destroy());
    let sentBytes = 0;
    let lines = 0;
    const send = (): void => {
      const piece = Array.from({ length: 500 }, () => `${line({ clientIntentionId: `b${lines++}` })}\n`).join('');
      sentBytes += piece.length;
      post.write(piece);
    };
    post.on('drain', send);
    send();
    await standingStill(url, () => sentBytes, MOST_BYTES);
    post.off('drain', send);
    return async () => {
      post.end();
      expect(await answered).toBe(lines);
      return lines;
    };
  }

  it('A stream of posts stops reading while the exchange is congested, and loses nothing', async () => {
    const server = await listen(market);
    const drain = market.exchange.congest();
    const finish = await sendUntilStuck(server.url);
    const takenThen = market.exchange.taken;
    drain();
    const lines = await finish();
    expect(takenThen).toBeLessThan(lines);
    expect(market.exchange.taken).toBe(lines);
  });

  it('A stream of posts stops reading while answers wait to become durable', async () => {
    const server = await listen(market);
    let release: () => void = () => undefined;
    market.exchange.answersAfter = new Promise((resolve) => (release = resolve));
    const finish = await sendUntilStuck(server.url);
    const takenThen = market.exchange.taken;
    expect(takenThen * 150).toBeLessThan(16 * 65_536 * 2);
    release();
    await finish();
  });
});
