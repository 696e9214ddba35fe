import { connect, type Socket } from 'node:net';
import { ResponseReader } from './http-response.js';

/** What one connection sends next, and how it looks at the answer: returns how many intentions it was for, or throws. */
export interface Traffic {
  next(): string | Buffer;
  check(status: number, body: Buffer): number;
}

export interface Load {
  readonly intentions: number;
  readonly seconds: number;
}

/** Keeps so many connections busy for so long: each sends, waits for the whole answer, and sends again. Unfinished ones do not count. */
export async function load(port: number, connections: number, seconds: number, traffic: Traffic): Promise<Load> {
  let intentions = 0;
  const from = performance.now();
  const isOver = (): boolean => performance.now() - from >= 1_000 * seconds;
  const run = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      const reader = new ResponseReader((status, body) => {
        const answered = traffic.check(status, body);
        if (isOver()) {
          resolve();
          return;
        }
        intentions += answered;
        socket.write(traffic.next(), 'latin1');
      });
      socket.on('data', (bytes) => {
        try {
          reader.push(bytes); // no encoding was set
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      socket.once('error', reject);
      socket.once('close', () => {
        reject(new Error('the server closed a connection'));
      });
      socket.write(traffic.next(), 'latin1');
    });
  const sockets = await Promise.all(Array.from({ length: connections }, () => connected(port)));
  try {
    await Promise.all(sockets.map(run));
    return { intentions, seconds };
  } finally {
    for (const socket of sockets) socket.removeAllListeners('close').destroy();
  }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
