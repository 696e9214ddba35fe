import { writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { ParleySocket } from '../../../../src/client/index.js';
import { refuse } from '../../../../src/exchange/commands.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, type Market, openMarket } from '../../../support/http/market.js';
import { SocketProgram } from '../../../support/http/sockets/socket-program.js';
import { eventsIn } from '../../../support/reference/exchange-harness.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

const onDisconnect = { id: 'on', withdrawOnDisconnect: { participant: 'alice' } };
const open = (): number | undefined => market.exchange.shards()[0]?.openIntentions;

/** The reasons of all that was withdrawn, by its intention. */
async function withdrawn(): Promise<unknown[]> {
  return (await eventsIn(market.log)).flatMap(({ event }) =>
    event.type === 'IntentionWithdrawn' ? [[event.intentionId, event.reason]] : [],
  );
}

/** Asks on a WebSocket of its own for alice, and posts one of hers and one of bob's. */
async function protectedProgram(url: string): Promise<SocketProgram> {
  const program = await SocketProgram.open(url);
  program.send(onDisconnect, { id: 1, command: aPost() }, { id: 2, command: aPost({ participant: 'bob' }) });
  expect((await program.take(3)).map(({ status }) => status).sort()).toEqual([200, 201, 201]);
  return program;
}

describe('a WebSocket on which it was asked to withdraw when it ends', () => {
  it.each([
    ['is closed', (ws: WebSocket) => ws.close(1000)],
    ['breaks', (ws: WebSocket) => ws.terminate()],
    ['breaks the protocol', (ws: WebSocket) => ws.send(Buffer.from([1]))],
  ])('A WebSocket that %s withdraws what its participant has open, and nobody else’s', async (_how, end) => {
    const { url } = await listen(market);
    const program = await protectedProgram(url);
    end(program.ws);
    await expect.poll(open).toBe(1);
    await expect.poll(withdrawn).toEqual([[1, 'disconnected']]);
    const told = await fetch(`${url}/v1/intentions/1`);
    expect(await told.json()).toMatchObject({ status: 'withdrawn', closedReason: 'disconnected' });
  });

  it('A WebSocket whose key is taken back withdraws what its participant has open', async () => {
    const file = await keyFile();
    const server = await listen(market, { keyFile: file });
    const alice = await SocketProgram.open(server.url, as.alice);
    const { participant: _, ...own } = aPost();
    alice.send({ id: 'on', withdrawOnDisconnect: true }, { id: 1, command: own });
    expect((await alice.take(2)).find(({ id }) => id === 'on')?.body).toEqual({ participants: ['alice'] });
    await writeFile(file, JSON.stringify({ keys: [{ key: 'another-key', participant: 'bob' }] }));
    await server.reloadKeys();
    expect(await alice.closed()).toMatchObject({ code: 4001 });
    await expect.poll(open).toBe(0);
  });

  it('A WebSocket withdraws what was under way on it when it ended, once that is answered', async () => {
    const { url } = await listen(market);
    const program = await protectedProgram(url);
    let release: () => void = () => undefined;
    market.exchange.answersAfter = new Promise((resolve) => (release = resolve));
    program.send({ id: 3, command: aPost() });
    await expect.poll(() => market.exchange.taken).toBe(3);
    program.ws.terminate();
    await expect.poll(() => market.exchange.withdrawals.length).toBe(1);
    release();
    await expect.poll(() => market.exchange.withdrawals.length).toBe(2);
    await expect.poll(open).toBe(1);
  });

  it('A WebSocket withdraws before the server that stops closes the log', async () => {
    const server = await listen(market, { stopMs: 3_600_000 });
    const program = await protectedProgram(server.url);
    await server.stop();
    expect(await program.closed()).toMatchObject({ code: 1001 });
    await expect.poll(withdrawn).toEqual([[1, 'disconnected']]);
  });

  it('A WebSocket whose withdrawal is not answered by a shard is withdrawn for again', async () => {
    const { url } = await listen(market);
    const program = await protectedProgram(url);
    market.exchange.withdrawalsRefused = [refuse('SHARD_UNAVAILABLE'), refuse('SHARD_UNAVAILABLE')];
    program.ws.terminate();
    await expect.poll(open).toBe(1);
    expect(market.exchange.withdrawals).toHaveLength(3);
  });

  it('WebSockets of one participant that end together do not each withdraw', async () => {
    const { url } = await listen(market);
    const programs = await Promise.all(Array.from({ length: 20 }, () => SocketProgram.open(url)));
    for (const program of programs) expect(await program.ask(onDisconnect)).toMatchObject({ status: 200 });
    market.exchange.withdrawalsRefused = [refuse('SHARD_UNAVAILABLE')];
    for (const { ws } of programs) ws.terminate();
    await expect
      .poll(async () => (await (await fetch(`${url}/metrics`)).text()).includes('parley_sockets 0'))
      .toBe(true);
    await expect.poll(() => market.exchange.withdrawals.length).toBe(3);
  });

  it('A WebSocket on which it was taken back withdraws nothing', async () => {
    const { url } = await listen(market);
    const program = await protectedProgram(url);
    expect(await program.ask({ id: 'off', withdrawOnDisconnect: false })).toEqual({
      ...{ id: 'off', status: 200, body: { participants: [] } },
    });
    program.ws.close(1000);
    await expect
      .poll(async () => (await (await fetch(`${url}/metrics`)).text()).includes('parley_sockets 0'))
      .toBe(true);
    expect([open(), market.exchange.withdrawals]).toEqual([2, []]);
  });

  it.each([
    ['true', 'INVALID_COMMAND'],
    ['null', 'INVALID_COMMAND'],
    ['1', 'INVALID_COMMAND'],
    ['"alice"', 'INVALID_COMMAND'],
    ['["alice"]', 'INVALID_COMMAND'],
    ['{}', 'INVALID_COMMAND'],
    ['{"participant":7}', 'INVALID_COMMAND'],
    ['{"participant":"alice","instrument":"ACME"}', 'INVALID_COMMAND'],
    ['{"__proto__":{"participant":"alice"}}', 'INVALID_COMMAND'],
    ['{"participant":""}', 'INVALID_PARTICIPANT'],
    ['{"participant":"no name"}', 'INVALID_PARTICIPANT'],
    [`{"participant":"${'x'.repeat(33)}"}`, 'INVALID_PARTICIPANT'],
  ])('An operator who asks to withdraw at the end of a WebSocket by %s is refused', async (given, code) => {
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    expect(await program.ask(`{"id":1,"withdrawOnDisconnect":${given}}`)).toMatchObject({ id: 1, body: { code } });
  });

  it('A WebSocket withdraws at its end for its own participant alone, and for no key that may not trade', async () => {
    const { url } = await listen(market, { keyFile: await keyFile() });
    const bob = await SocketProgram.open(url, as.bob);
    const auditor = await SocketProgram.open(url, as.auditor);
    const marketData = await SocketProgram.open(url, as.marketData);
    for (const program of [bob, auditor, marketData])
      expect(await program.ask(onDisconnect)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('A WebSocket withdraws at its end for so many participants and no more', async () => {
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    program.send(...Array.from({ length: 65 }, (_, id) => ({ id, withdrawOnDisconnect: { participant: `p-${id}` } })), {
      id: 65,
      withdrawOnDisconnect: { participant: 'p-0' },
    });
    const statuses = (await program.take(66)).map(({ status }) => status);
    expect(statuses).toEqual([...Array.from({ length: 64 }, () => 200), 429, 200]);
  });
});

describe('the client’s socket that withdraws when its connection ends', () => {
  it('The client’s socket asks on each of its connections before anything else', async () => {
    const { url } = await listen(market);
    const made: WebSocket[] = [];
    class Watched extends WebSocket {
      constructor(address: string) {
        super(address);
        made.push(this);
      }
    }
    const retry = { baseMs: 1, maxMs: 5 };
    const socket = new ParleySocket({ url, WebSocket: Watched, withdrawOnDisconnect: { participant: 'alice' }, retry });
    onTestFinished(() => socket.close());
    for (let connection = 1; connection <= 2; connection++) {
      await socket.send(aPost() as never); // a post, as the test's market takes it
      expect(open()).toBe(1);
      made.at(-1)?.terminate();
      await expect.poll(open).toBe(0);
    }
    expect(made).toHaveLength(2);
  });

  it('The client’s socket sends nothing where that is refused', async () => {
    const { url } = await listen(market);
    const socket = new ParleySocket({ url, WebSocket, withdrawOnDisconnect: true });
    onTestFinished(() => socket.close());
    await expect(socket.send(aPost() as never)).rejects.toMatchObject({ code: 'INVALID_COMMAND' });
    expect(open()).toBe(0);
    await expect(socket.send(aPost() as never)).rejects.toMatchObject({ code: 'INVALID_COMMAND' });
  });
});
