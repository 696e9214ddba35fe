import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { as, keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, openMarket } from '../../../support/http/market.js';
import { SocketProgram } from '../../../support/http/sockets/socket-program.js';

describe('opening a WebSocket', () => {
  it('A WebSocket is opened by the key of its request, and refused over HTTP where that is not known', async () => {
    const { url } = await listen(await openMarket(), { keyFile: await keyFile() });
    const program = await SocketProgram.open(url, as.operator);
    expect(await program.ask({ id: 1, ping: {} })).toMatchObject({ status: 200 });
    await expect(SocketProgram.open(url, { authorization: 'Bearer nobodys' })).rejects.toThrow(
      /^401 .*UNAUTHENTICATED/,
    );
  });

  it('A WebSocket without a key does nothing before its first message has shown one', async () => {
    const { url } = await listen(await openMarket(), { keyFile: await keyFile() });
    const program = await SocketProgram.open(url);
    const { participant: _, ...own } = aPost();
    expect(await program.ask({ id: 1, command: own })).toMatchObject({ id: 1, status: 401 });
    const shown = { id: 2, authenticate: { key: 'alices-key' } };
    expect(await program.ask(shown)).toEqual({
      id: 2,
      status: 200,
      body: { role: 'participant', participant: 'alice' },
    });
    expect(await program.ask({ id: 3, command: own })).toMatchObject({ id: 3, status: 201 });
    expect(await program.ask({ ...shown, id: 4 })).toMatchObject({ id: 4, status: 400 });
  });

  it('A WebSocket takes what follows the key in the same write as that key’s', async () => {
    const { url } = await listen(await openMarket(), { keyFile: await keyFile() });
    const program = await SocketProgram.open(url);
    const { participant: _, ...own } = aPost();
    program.send({ id: 1, authenticate: { key: 'alices-key' } }, { id: 2, command: own }, { id: 3, ping: {} });
    const answers = await program.take(3);
    expect(new Map(answers.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [1, 200],
        [2, 201],
        [3, 200],
      ]),
    );
  });

  it('A WebSocket on which no key is shown in time is closed as unauthenticated', async () => {
    const { url } = await listen(await openMarket(), { keyFile: await keyFile(), sockets: { authenticateMs: 1 } });
    const program = await SocketProgram.open(url);
    expect(await program.closed()).toMatchObject({ code: 4001 });
  });

  it('A WebSocket on which keys are tried out is closed as unauthenticated', async () => {
    const { url } = await listen(await openMarket(), { keyFile: await keyFile() });
    const program = await SocketProgram.open(url);
    program.send(...Array.from({ length: 20 }, (_, id) => ({ id, authenticate: { key: `key-${id}` } })));
    expect(await program.closed()).toMatchObject({ code: 4001 });
    expect(program.said.filter(({ status }) => status === 401)).toHaveLength(8);
  });

  it('A WebSocket is closed when the key that was shown on it is taken back', async () => {
    const keys = [{ key: 'alices-key', participant: 'alice' }];
    const file = await keyFile({ keys });
    const server = await listen(await openMarket(), { keyFile: file });
    const byHeader = await SocketProgram.open(server.url, as.alice);
    const byMessage = await SocketProgram.open(server.url);
    expect(await byMessage.ask({ id: 1, authenticate: { key: 'alices-key' } })).toMatchObject({ status: 200 });
    await writeFile(file, JSON.stringify({ keys: [{ key: 'another-key', participant: 'bob' }] }));
    await server.reloadKeys();
    for (const program of [byHeader, byMessage]) expect(await program.closed()).toMatchObject({ code: 4001 });
  });

  it('A WebSocket of a key that has as many connections as it may have is told so, and closed', async () => {
    const { url } = await listen(await openMarket(), { limits: { connections: 40 }, keyFile: await keyFile() });
    const showKey = async (program: SocketProgram, key: string) => program.ask({ id: 1, authenticate: { key } });
    let program = await SocketProgram.open(url);
    let answer = await showKey(program, 'alices-key');
    for (let count = 1; answer?.status === 200 && count < 40; count++) {
      program = await SocketProgram.open(url);
      answer = await showKey(program, 'alices-key');
    }
    expect(answer).toMatchObject({ id: 1, status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
    expect(await program.closed()).toMatchObject({
      code: 1013,
      reason: expect.stringContaining('too many connections'),
    });
    expect(await showKey(await SocketProgram.open(url), 'bobs-long-key')).toMatchObject({ status: 200 });
  });

  it('A WebSocket is not opened for a page of another origin, unless that is allowed', async () => {
    const { url, port } = await listen(await openMarket());
    await expect(SocketProgram.open(url, { origin: 'https://example.org' })).rejects.toThrow(/^403 .*FORBIDDEN/);
    await SocketProgram.open(url, { origin: `http://127.0.0.1:${port}` });
    const secured = await listen(await openMarket(), { keyFile: await keyFile() });
    await expect(SocketProgram.open(secured.url, { origin: 'https://example.org' })).rejects.toThrow(
      /^403 .*FORBIDDEN/,
    );
    const allowedOrigins = new Set(['https://example.org']);
    const allowing = await listen(await openMarket(), { allowedOrigins });
    await SocketProgram.open(allowing.url, { origin: 'https://example.org' });
  });

  it('A WebSocket is not opened by a request that lacks what one has, and the address answers others with 426', async () => {
    const { url } = await listen(await openMarket());
    const plain = await fetch(`${url}/v1/ws`);
    expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket']);
    expect(await plain.json()).toMatchObject({ code: 'UPGRADE_REQUIRED' });
  });

  it('A WebSocket is told to go away when the server stops, after what it had begun has been answered', async () => {
    const market = await openMarket();
    const server = await listen(market, { stopMs: 3_600_000 });
    const program = await SocketProgram.open(server.url);
    let release: () => void = () => undefined;
    market.exchange.answersAfter = new Promise((resolve) => (release = resolve));
    program.send({ id: 1, command: aPost() });
    await expect.poll(() => market.exchange.taken).toBe(1);
    const stopped = server.stop();
    expect(program.isClosed).toBe(false);
    release();
    expect(await program.take(1)).toMatchObject([{ id: 1, status: 201 }]);
    expect(await program.closed()).toMatchObject({ code: 1001 });
    await stopped;
  });
});
