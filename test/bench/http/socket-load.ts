import { connect, type Socket } from 'node:net';
import type { Load } from './http-load.js';

/** What one connection sends next, as a frame, and how it looks at a message of the server: throws where that is not what it should be. */
export interface SocketTraffic {
  next(): Buffer;
  check(text: string): void;
}

const HANDSHAKE =
  'GET /v1/ws HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const LENGTH_16 = 126;

export interface SocketCrowd {
  readonly connections: number;
  /** Commands that each keeps under way. */
  readonly underWay: number;
}

/** Keeps so many WebSockets busy for so long: for each answer that has come, another command leaves. */
export async function loadSockets(
  port: number,
  crowd: SocketCrowd,
  seconds: number,
  traffic: SocketTraffic,
): Promise<Load> {
  let intentions = 0;
  const from = performance.now();
  const isOver = (): boolean => performance.now() - from >= 1_000 * seconds;
  const run = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      let pending = Buffer.alloc(0);
      socket.on('data', (bytes: Buffer) => {
        try {
          const taken = take(pending.length === 0 ? bytes : Buffer.concat([pending, bytes]), traffic);
          pending = taken.rest;
          intentions += taken.count;
          if (isOver()) resolve();
          else socket.write(Buffer.concat(Array.from({ length: taken.count }, () => Buffer.from(traffic.next()))));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the server closed a WebSocket')));
      socket.write(Buffer.concat(Array.from({ length: crowd.underWay }, () => Buffer.from(traffic.next()))));
    });
  const sockets = await Promise.all(Array.from({ length: crowd.connections }, () => opened(port)));
  try {
    await Promise.all(sockets.map(run));
    return { intentions, seconds };
  } finally {
    for (const socket of sockets) socket.removeAllListeners('close').destroy();
  }
}

/** Takes whole frames off the beginning; none is longer than 64 KiB. */
function take(bytes: Buffer, traffic: SocketTraffic): { readonly count: number; readonly rest: Buffer<ArrayBuffer> } {
  let count = 0;
  let at = 0;
  while (at + 4 <= bytes.length) {
    const isLong = bytes[at + 1] === LENGTH_16;
    const start = at + (isLong ? 4 : 2);
    const end = start + (isLong ? bytes.readUInt16BE(at + 2) : (bytes[at + 1] ?? 0));
    if (end > bytes.length) break;
    traffic.check(bytes.toString('latin1', start, Math.min(end, start + 64)));
    count++;
    at = end;
  }
  return { count, rest: Buffer.from(bytes.subarray(at)) };
}

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.once('error', reject);
    socket.once('data', (bytes) => {
      socket.off('error', reject);
      if (bytes.toString().startsWith('HTTP/1.1 101 ')) resolve(socket);
      else reject(new Error(bytes.toString()));
    });
    socket.write(HANDSHAKE);
  });
}
