import { request } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Market, aPost, listen, openMarket } from '../../support/http/market.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

const headers = { 'content-type': 'application/x-ndjson' };
const line = (fields = {}): string => JSON.stringify(aPost(fields));

describe('a stream of posts', () => {
  /** Sends for as long as the server reads, and tells how much that was once nothing has moved for a while. */
  async function sendUntilStuck(url: string): Promise<{ sentBytes: number; finish: () => Promise<number> }> {
    const post = request(`${url}/v1/intentions`, { method: 'POST', headers });
    const answered = new Promise<number>((resolve, reject) => {
      post.on('error', reject);
      post.on('response', (response) => {
        let lines = 0;
        response.on('data', (bytes: Buffer) => (lines += bytes.toString().split('\n').length - 1));
        response.on('end', () => resolve(lines));
      });
    });
    let sentBytes = 0;
    let lines = 0;
    for (let quietMs = 0; quietMs < 300;) {
      const piece = Array.from({ length: 500 }, () => `${line({ clientIntentionId: `b${lines++}` })}\n`).join('');
      sentBytes += piece.length;
      if (post.write(piece)) continue;
      const isDrained = await Promise.race([
        new Promise<boolean>((resolve) => post.once('drain', () => resolve(true))),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
      ]);
      quietMs = isDrained ? 0 : 300;
    }
    const finish = async (): Promise<number> => {
      post.end();
      expect(await answered).toBe(lines);
      return lines;
    };
    return { sentBytes, finish };
  }

  it('stops reading while the exchange is congested, and loses nothing', async () => {
    const server = await listen(market);
    const drain = market.exchange.congest();
    const { finish } = await sendUntilStuck(server.url);
    const takenThen = market.exchange.taken;
    drain();
    const lines = await finish();
    expect(takenThen).toBeLessThan(lines);
    expect(market.exchange.taken).toBe(lines);
  });

  it('stops reading while answers wait to become durable', async () => {
    const server = await listen(market);
    let release: () => void = () => undefined;
    market.exchange.answersAfter = new Promise((resolve) => (release = resolve));
    const { finish } = await sendUntilStuck(server.url);
    const takenThen = market.exchange.taken;
    expect(takenThen * 150).toBeLessThan(16 * 65_536 * 2);
    release();
    await finish();
  });
});
