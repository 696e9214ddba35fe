import { describe, expect, it } from 'vitest';
import { as, keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, openMarket } from '../../../support/http/market.js';
import { SocketProgram } from '../../../support/http/sockets/socket-program.js';

describe('commands over a WebSocket', () => {
  it('A command over a WebSocket is answered under its id with the status and the body that HTTP gives', async () => {
    const { url } = await listen(await openMarket());
    const program = await SocketProgram.open(url);
    const post = aPost();
    const answer = await program.ask({ id: 'first', command: post });
    const again = await fetch(`${url}/v1/intentions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(post),
    });
    expect(answer).toEqual({ id: 'first', status: 201, body: await again.json() });
  });

  it('The dead man’s switch is set over a WebSocket, and refused, as over HTTP', async () => {
    const { url } = await listen(await openMarket(), { keyFile: await keyFile() });
    const alice = await SocketProgram.open(url, as.alice);
    const set = await alice.ask({ id: 1, command: { command: 'switch', withinMs: 5_000 } });
    expect(set).toMatchObject({ status: 200, body: { participant: 'alice', withinMs: 5_000 } });
    const shown = await fetch(`${url}/v1/switch`, { headers: as.alice });
    expect(await shown.json()).toMatchObject({ withinMs: 5_000, lapsesAt: set?.body?.lapsesAt });
    expect(
      await alice.ask({ id: 2, command: { command: 'switch', participant: 'bob', withinMs: 5_000 } }),
    ).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await alice.ask({ id: 3, command: { command: 'switch', withinMs: 1 } })).toMatchObject({
      ...{ status: 400, body: { code: 'INVALID_COMMAND' } },
    });
  });

  it('A command over a WebSocket that is refused is answered under its id with the problem that HTTP gives', async () => {
    const { url } = await listen(await openMarket());
    const program = await SocketProgram.open(url);
    const answer = await program.ask({ id: 7, command: aPost({ instrument: 'NONE' }) });
    expect(answer).toMatchObject({ id: 7, status: 404, body: { code: 'UNKNOWN_INSTRUMENT', status: 404 } });
  });

  it('Commands over a WebSocket may be under way in any number, and are done in the order in which they came', async () => {
    const market = await openMarket();
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    const count = 1_000;
    program.send(...Array.from({ length: count }, (_, id) => ({ id, command: aPost() })));
    const answers = await program.take(count);
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    const positions = answers.sort((a, b) => Number(a.id) - Number(b.id)).map(({ body }) => Number(body?.position));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(new Set(positions).size).toBe(count);
  });

  it('A command over a WebSocket is answered once it is durable, and what came with it at once', async () => {
    const market = await openMarket();
    const { url } = await listen(market);
    const program = await SocketProgram.open(url);
    let release: () => void = () => undefined;
    market.exchange.answersAfter = new Promise((resolve) => (release = resolve));
    program.send({ id: 1, command: aPost() }, { id: 2, ping: {} });
    expect(await program.take(1)).toEqual([{ id: 2, status: 200, body: {} }]);
    release();
    expect(await program.take(1)).toMatchObject([{ id: 1, status: 201 }]);
  });

  it('A command over a WebSocket takes a key whose role may post, and acts for the key’s participant', async () => {
    const { url } = await listen(await openMarket(), { keyFile: await keyFile() });
    const alice = await SocketProgram.open(url, as.alice);
    const { participant: _, ...own } = aPost();
    expect(await alice.ask({ id: 1, command: own })).toMatchObject({ status: 201, body: { participant: 'alice' } });
    expect(await alice.ask({ id: 2, command: aPost({ participant: 'bob' }) })).toMatchObject({
      ...{ id: 2, status: 403, body: { code: 'FORBIDDEN' } },
    });
    const auditor = await SocketProgram.open(url, as.auditor);
    expect(await auditor.ask({ id: 3, command: aPost() })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});
