import { describe, expect, it } from 'vitest';
import { closeCodeSays } from '../../../../src/api/close-codes.js';
import { aPost, listen, openMarket } from '../../../support/http/market.js';
import { frame, handshake, opcodes } from '../../../support/http/sockets/frame-maker.js';
import { RawSocket } from '../../../support/http/sockets/raw-socket.js';
import { SocketProgram } from '../../../support/http/sockets/socket-program.js';
import { RawConnection, rawPost } from '../../../support/http/hostile/raw-connection.js';

const ping = JSON.stringify({ id: 1, ping: {} });

/** What ends a connection, and with which code. */
const fatal: Readonly<Record<string, readonly [Buffer, number]>> = {
  'is not masked': [frame(ping, { isMasked: false }), 1002],
  'has a reserved bit': [frame(ping, { reserved: 1 }), 1002],
  'is compressed, though that was not agreed on': [frame(ping, { reserved: 4 }), 1002],
  'has an opcode that there is not': [frame(ping, { opcode: 5 }), 1002],
  'has an opcode of control that there is not': [frame(ping, { opcode: 12 }), 1002],
  'continues nothing': [frame(ping, { opcode: opcodes.continuation }), 1002],
  'is a ping in fragments': [frame('x', { opcode: opcodes.ping, isFinal: false }), 1002],
  'is a ping that is too long': [frame('x'.repeat(126), { opcode: opcodes.ping }), 1002],
  'is binary': [frame(ping, { opcode: opcodes.binary }), 1003],
  'is not UTF-8': [frame(Buffer.from([0x22, 0xff, 0x22])), 1007],
  'is larger than 64 KiB': [frame('x'.repeat(65_537)), 1009],
  'says that it is larger than 64 KiB': [frame('x', { saidLength: 65_537 }), 1009],
  'says that it is larger than memory': [frame('x', { saidLength: 0xffff_ffff }), 1009],
  'is one of a message that becomes too large': [
    Buffer.concat([
      frame('x'.repeat(40_000), { isFinal: false }),
      frame('x'.repeat(40_000), { opcode: opcodes.continuation }),
    ]),
    1009,
  ],
  'is one of a message in too many fragments': [
    Buffer.concat([
      frame('x', { isFinal: false }),
      ...Array.from({ length: 300 }, () => frame('x', { opcode: opcodes.continuation, isFinal: false })),
    ]),
    1008,
  ],
  'is one of too many pings': [
    Buffer.concat(Array.from({ length: 200 }, () => frame('', { opcode: opcodes.ping }))),
    4029,
  ],
};

describe('a frame that a WebSocket must not bring', () => {
  it.each(Object.entries(fatal))(
    'A frame that %s closes the WebSocket with a code that the documents name, after what came before it was answered',
    async (_what, [bytes, code]) => {
      const { port, url } = await listen(await openMarket());
      const socket = await RawSocket.open(port);
      await socket.send(Buffer.concat([frame(JSON.stringify({ id: 0, command: aPost() })), frame(ping)]));
      await socket.messages(2);
      await socket.send(bytes);
      const heard = await socket.closing();
      expect(heard).toMatchObject({ code, isSound: true });
      expect(await (await fetch(`${url}/metrics`)).text()).toContain(`parley_sockets_closed_total{code="${code}"} 1`);
      expect(Object.keys(closeCodeSays)).toContain(String(code));
      expect(heard.texts.map((text) => (JSON.parse(text) as { status: number }).status).sort()).toEqual([200, 201]);
    },
  );

  it('A compression that a WebSocket is offered is not agreed on', async () => {
    const { port } = await listen(await openMarket());
    const socket = await RawSocket.open(port, ['sec-websocket-extensions: permessage-deflate; client_max_window_bits']);
    expect(socket.head).not.toMatch(/extensions/i);
    await socket.send(frame(ping));
    expect(await socket.messages(1)).toMatchObject({ texts: ['{"id":1,"status":200,"body":{}}'] });
  });

  it('A message of a WebSocket may come in fragments and in pieces, with pings between them', async () => {
    const { port } = await listen(await openMarket());
    const socket = await RawSocket.open(port);
    const text = JSON.stringify({ id: 'fragmented', command: aPost() });
    const parts = [text.slice(0, 5), text.slice(5, 50), text.slice(50)];
    const frames = parts.flatMap((part, at) => [
      frame(part, { opcode: at === 0 ? opcodes.text : opcodes.continuation, isFinal: at === 2 }),
      frame('still there?', { opcode: opcodes.ping }),
    ]);
    const bytes = Buffer.concat(frames);
    await socket.send(...Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1)));
    const { texts, pongs } = await socket.messages(1);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ id: 'fragmented', status: 201 });
    await expect.poll(() => socket.heard.pongs).toBe(3);
    expect(pongs).toBeLessThanOrEqual(3);
  });

  it('A message of a WebSocket that is not whole in time closes it', async () => {
    const { port } = await listen(await openMarket(), { sockets: { messageMs: 1 } });
    const socket = await RawSocket.open(port);
    await socket.send(frame(ping, { isFinal: false }));
    expect(await socket.closing()).toMatchObject({ code: 1008 });
  });

  it('A WebSocket whose program answers no ping is closed', async () => {
    const { url } = await listen(await openMarket(), { sockets: { heartbeatMs: 1, idleMs: 1 } });
    const silent = await SocketProgram.open(url, {}, false);
    const decent = await SocketProgram.open(url);
    expect(await silent.closed()).toMatchObject({ code: 4008 });
    expect(await decent.ask({ id: 1, ping: {} })).toMatchObject({ status: 200 });
  });

  it('A request for a WebSocket that is none is refused over HTTP', async () => {
    const { port } = await listen(await openMarket());
    for (const [bad, says] of [
      ['sec-websocket-version: 12', /Version/],
      ['sec-websocket-key: short', /Key/],
      ['upgrade: h2c', /Upgrade/],
    ] as const) {
      const connection = await RawConnection.open(port);
      const name = bad.split(':', 1)[0] ?? '';
      const head = ['GET /v1/ws HTTP/1.1', 'host: localhost', 'connection: Upgrade', bad];
      const usual = ['upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='];
      await connection.send(`${[...head, ...usual.filter((each) => !each.startsWith(name))].join('\r\n')}\r\n\r\n`);
      const answer = await connection.end();
      expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*"MALFORMED_HTTP"/);
      expect(answer).toMatch(says);
    }
  });

  it('A request for a WebSocket that follows another before that is answered is not taken, and one elsewhere is answered as any', async () => {
    const market = await openMarket();
    const { port } = await listen(market);
    const elsewhere = await RawConnection.open(port);
    await elsewhere.send(
      'GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n',
    );
    expect(await elsewhere.receive(/live/)).toMatch(/^HTTP\/1\.1 200 /);
    elsewhere.close();
    let release: () => void = () => undefined;
    market.exchange.answersAfter = new Promise((resolve) => (release = resolve));
    const ahead = await RawConnection.open(port);
    await ahead.send(rawPost(JSON.stringify(aPost())) + handshake());
    expect(await ahead.end()).toBe('');
    release();
  });
});
