import { beforeEach, describe, expect, it } from 'vitest';
import { as, keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, type Market, openMarket } from '../../../support/http/market.js';
import { frame } from '../../../support/http/sockets/frame-maker.js';
import { RawSocket } from '../../../support/http/sockets/raw-socket.js';
import { SocketProgram } from '../../../support/http/sockets/socket-program.js';
import { standingStill } from '../../../support/http/standing-still.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

/** More than what systems keep of a connection that nobody reads. */
const MOST_BYTES = 1 << 27;

/** Sends posts for as long as the server reads and the connection is there, and gives how many it has sent then. */
async function sendUntilStuck(program: SocketProgram, url: string): Promise<number> {
  let sentBytes = 0;
  let posts = 0;
  let isStuck = false;
  const send = (error?: Error | null): void => {
    if (isStuck || (error ?? undefined) !== undefined) return; // on a slow machine it may have been cut by now
    const some = Array.from({ length: 500 }, () => JSON.stringify({ id: posts++, command: aPost() }));
    for (const [at, text] of some.entries()) {
      sentBytes += text.length;
      program.ws.send(text, at === some.length - 1 ? (error) => setImmediate(send, error) : undefined);
    }
  };
  send();
  await standingStill(url, () => sentBytes, MOST_BYTES);
  isStuck = true;
  return posts;
}

describe('the bounds of a WebSocket', () => {
  it('A WebSocket is not read while the exchange is congested, and loses nothing', async () => {
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    const drain = market.exchange.congest();
    const sent = await sendUntilStuck(program, url);
    expect(market.exchange.taken).toBe(0);
    drain();
    await program.take(sent);
    expect(new Set(program.said.map(({ id }) => id)).size).toBe(sent);
    expect(market.exchange.taken).toBe(sent);
  });

  it('A WebSocket is not read while answers wait to become durable, and loses nothing', async () => {
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    let release: () => void = () => undefined;
    market.exchange.answersAfter = new Promise((resolve) => (release = resolve));
    const sent = await sendUntilStuck(program, url);
    expect(market.exchange.taken).toBeLessThan(sent);
    release();
    await program.take(sent);
    expect(market.exchange.taken).toBe(sent);
  });

  it('A WebSocket whose program does not take its answers is not read, and then cut', async () => {
    const { url } = await listen(market, { sockets: { stallMs: 1_000, heartbeatMs: 3_600_000 } });
    const program = await SocketProgram.open(url);
    program.ws.pause();
    await sendUntilStuck(program, url);
    const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
    await expect.poll(metrics).toContain('parley_sockets_closed_total{code="4008"} 1');
    await expect.poll(metrics).toMatch(/^parley_sockets 0$/m);
    await expect.poll(metrics).toMatch(/^parley_post_stream_bytes 0$/m);
  });

  it('A WebSocket refuses each command beyond the rate of its key, and is closed when too many come all the same', async () => {
    const rate = { perSecond: 0.001, burst: 2 };
    const { url } = await listen(market, { keyFile: await keyFile(), rate });
    const alice = await SocketProgram.open(url, as.alice);
    const { participant: _, ...own } = aPost();
    alice.send(
      ...Array.from({ length: 4 }, (_each, id) => ({ id, command: { ...own, clientIntentionId: `r-${id}` } })),
    );
    const statuses = (await alice.take(4)).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 201, 429, 429]);
    expect(market.exchange.taken).toBe(2);
    const many = Array.from({ length: 1_000 }, (_each, id) => ({ id, command: own }));
    alice.send(...many);
    expect(await alice.closed()).toMatchObject({ code: 4029 });
  });

  it('A WebSocket of one program takes no more than its share: what another sends is answered while it goes on sending', async () => {
    const { port, url } = await listen(market, { keyFile: await keyFile() });
    const bearer = (key: string): string => `authorization: ${key}`;
    const greedy = await RawSocket.open(port, [bearer(as.alice.authorization)]);
    const { participant: _, ...own } = aPost();
    let sent = 0;
    const some = (): Buffer =>
      Buffer.concat(
        Array.from({ length: 500 }, () => {
          const id = sent++;
          return frame(JSON.stringify({ id, command: { ...own, clientIntentionId: `f-${id}` } }));
        }),
      );
    const bob = await SocketProgram.open(url, as.bob);
    let isAnswered = false;
    const flood = async (): Promise<void> => {
      while (!isAnswered && !greedy.isClosed) await greedy.send(some());
    };
    const flooding = flood();
    await expect.poll(() => market.exchange.taken).toBeGreaterThan(500);
    try {
      for (let id = 0; id < 10; id++) {
        const mine = { ...own, clientIntentionId: `b-${id}` };
        expect(await bob.ask({ id, command: mine })).toMatchObject({ id, status: 201 });
      }
    } finally {
      isAnswered = true;
    }
    await flooding;
    greedy.close();
  });
});
