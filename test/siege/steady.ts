/** The well-behaved client: posts at an even rate, and asks now and then whether the server is alive. */
import { connect, type Socket } from 'node:net';
import { ResponseReader } from '../bench/http/http-response.js';
import type { Server } from './server.js';
import { keys, line } from './target.js';

const LIVE_EACH_MS = 25;

export interface Times {
  /** From when each was due to its answer, in milliseconds. */
  readonly posts: readonly number[];
  readonly liveness: readonly number[];
  /** Posts that were not answered 201. */
  readonly refused: number;
}

/** One connection after the other is used; a new one is made where all wait for an answer. */
class Connections {
  private readonly idle: Socket[] = [];
  private readonly all = new Set<Socket>();

  constructor(private readonly port: number) {}

  ask(request: string): Promise<number> {
    const socket = this.idle.pop() ?? this.open();
    return new Promise((resolve, reject) => {
      const reader = new ResponseReader((status) => {
        socket.removeAllListeners();
        socket.on('error', () => undefined);
        this.idle.push(socket);
        resolve(status);
      });
      socket.on('data', (bytes) => reader.push(bytes));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the server closed a connection')));
      socket.write(request);
    });
  }

  close(): void {
    for (const socket of this.all) socket.destroy();
  }

  private open(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.port, noDelay: true });
    this.all.add(socket);
    return socket;
  }
}

let posted = 0;

/** For so many seconds. */
export async function behave({ port }: Server, seconds: number, postsPerSecond: number): Promise<Times> {
  const connections = new Connections(port);
  const posts: number[] = [];
  const liveness: number[] = [];
  let refused = 0;
  try {
    const post = async (): Promise<void> => {
      const id = ++posted;
      const body = line('steady', `w${id}`, id % 2 === 0 ? 'buy' : 'sell', '5.00');
      const head = `POST /v1/intentions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${keys.steady}\r\n`;
      const type = `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
      if ((await connections.ask(head + type + body)) !== 201) refused++;
    };
    const live = async (): Promise<void> => {
      await connections.ask('GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    };
    await Promise.all([
      evenly(seconds, 1_000 / postsPerSecond, posts, post),
      evenly(seconds, LIVE_EACH_MS, liveness, live),
    ]);
    return { posts, liveness, refused };
  } finally {
    connections.close();
  }
}

/** Begins a request whenever it is due, whether or not those before were answered, so that all of them wait for a server that stands still. */
async function evenly(seconds: number, everyMs: number, times: number[], ask: () => Promise<void>): Promise<void> {
  const startMs = performance.now();
  const count = Math.floor((1_000 * seconds) / everyMs);
  const under: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const dueMs = startMs + index * everyMs;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const fromMs = Math.min(dueMs, performance.now()); // a timer may be a little early
    under.push(ask().then(() => void times.push(performance.now() - fromMs)));
  }
  await Promise.all(under);
}
