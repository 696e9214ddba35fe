import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { Accepting } from '../../../src/server/limits/accepting.js';

const COMING = 40;

describe('accepting connections', () => {
  let server: Server;

  async function listen(): Promise<number> {
    server = createServer((_request, response) => response.end('here'));
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port; // it listens at an address
  }

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  /** So many connections that wait to be accepted when the next turn of the loop begins. */
  async function come(port: number): Promise<Socket[]> {
    const sockets = Array.from({ length: COMING }, () => connect(port, '127.0.0.1'));
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    return sockets;
  }

  /** The most that were let in in one turn of the loop. */
  function mostInOneTurn(): () => number {
    let most = 0;
    let now = 0;
    server.on('connection', () => {
      most = Math.max(most, ++now);
      setImmediate(() => (now = 0));
    });
    return () => most;
  }

  it('Accepting connections takes as many in one turn of the loop as there are handles, and answers on each', async () => {
    const port = await listen();
    const accepting = new Accepting(server);
    await accepting.add(7);
    expect(accepting.size).toBe(7);
    const most = mostInOneTurn();
    const answers = await Promise.all((await come(port)).map(ask));
    expect(answers).toEqual(Array(COMING).fill('HTTP/1.1 200 OK'));
    expect(most()).toBeGreaterThan(1);
    expect(most()).toBeLessThanOrEqual(8);
    await accepting.close();
  });

  it('Accepting connections accepts no more once it is closed, and ends what is idle', async () => {
    const port = await listen();
    const accepting = new Accepting(server);
    await accepting.add(3);
    const sockets = await come(port);
    await Promise.all(sockets.map(ask));
    const closed = sockets.map((socket) => once(socket.resume(), 'close'));
    server.close();
    await accepting.close();
    await Promise.all(closed);
    const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('Accepting connections does without more handles where no child can be started', async () => {
    await listen();
    const node = process.execPath;
    onTestFinished(() => void (process.execPath = node));
    process.execPath = '/nowhere/node';
    const accepting = new Accepting(server);
    await accepting.add(3);
    expect(accepting.size).toBe(0);
    await accepting.close();
  });

  it('Accepting connections can be closed before the handles are there', async () => {
    await listen();
    const accepting = new Accepting(server);
    const added = accepting.add(100);
    await accepting.close();
    await added;
    expect(accepting.size).toBeLessThan(100);
  });
});

/** The first line of an answer. */
async function ask(socket: Socket): Promise<string | undefined> {
  socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString().split('\r\n', 1)[0];
}
