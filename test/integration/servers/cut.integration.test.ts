import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cut } from '../../support/servers/cut.js';

describe('a proxy that can be cut', () => {
  let server: net.Server;
  let target: string;
  let cut: Cut;

  /** Echoes, and ends when the other side does. */
  beforeEach(async () => {
    server = net.createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => undefined).pipe(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo; // it listens on TCP
    target = `127.0.0.1:${port}`;
    cut = await Cut.open({ target });
  });
  afterEach(async () => {
    await cut.close();
    server.close();
  });

  function connect(through = cut): net.Socket {
    const [host = '', port = ''] = through.address.split(':');
    return net.connect({ host, port: Number(port), allowHalfOpen: true });
  }

  /** What comes from there to here on a way that is open, again and again, all in one process with the one that is not. */
  async function echoElsewhere(): Promise<void> {
    const other = await Cut.open({ target });
    for (let turn = 0; turn < 10; turn++) {
      const socket = connect(other);
      socket.end('hello');
      expect(await text(socket)).toBe('hello');
    }
    await other.close();
  }

  it('A proxy that can be cut forwards every byte, both ways, past the end of one side', async () => {
    const socket = connect();
    const sent = 'all of it '.repeat(500_000);
    socket.end(sent);
    expect(await text(socket)).toBe(sent);
    await expect.poll(() => cut.connections).toBe(0);
  });

  it('A proxy that can be cut ends connections when it is cut, refuses new ones, and takes them again after that at the same address', async () => {
    const socket = connect();
    socket.write('hello');
    await once(socket, 'data');
    const { address } = cut;
    const reset = expect(once(socket, 'close')).rejects.toThrow('ECONNRESET');
    await cut.cut();
    await reset;
    await expect(once(connect(), 'connect')).rejects.toThrow('ECONNREFUSED');
    await cut.resume();
    expect(cut.address).toBe(address);
    const later = connect();
    later.end('again');
    expect(await text(later)).toBe('again');
  });

  it('A proxy that can be cut is silent while it stalls, to old connections and new ones, and loses nothing of what was sent meanwhile', async () => {
    const old = connect();
    old.write('a');
    await once(old, 'data');
    cut.stall();
    const young = connect();
    await once(young, 'connect');
    let heard = '';
    for (const socket of [old, young]) socket.on('data', (bytes) => (heard += bytes.toString()));
    await expect.poll(() => cut.connections).toBe(2);
    for (const [socket, word] of [
      [old, 'old'],
      [young, 'young'],
    ] as const) {
      socket.end(word);
      await once(socket, 'finish');
    }
    await echoElsewhere();
    expect(heard).toBe('');
    const bothEnded = Promise.all([once(old, 'end'), once(young, 'end')]);
    await cut.resume();
    await bothEnded;
    expect(heard).toContain('old');
    expect(heard).toContain('young');
  });
});
