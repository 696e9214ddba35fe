/** Many requests: pipelined without a key, heavy lists, lists of all instruments, single posts; and bodies that never come. */
import { ResponseReader } from '../../bench/http/http-response.js';
import { untilAborted } from '../../support/time/until-aborted.js';
import { line } from '../target.js';
import type { Attack, Where } from './attack.js';
import { head, openSocket } from './sockets.js';

/** Asks on so many connections at once, each again when it is answered. */
async function askAgain(
  connections: number,
  next: () => string,
  { port }: Where,
  done: (count: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const open = (): void => {
    const socket = openSocket(port, signal, () => setImmediate(open));
    const reader = new ResponseReader((status) => {
      if (status < 300) done(1);
      socket.write(next());
    });
    socket.on('data', (bytes) => reader.push(bytes));
    socket.write(next());
  };
  for (let index = 0; index < connections; index++) open();
  await untilAborted(signal);
}

const LISTS = 64;

export const lists: Attack = {
  unit: 'lists',
  run: (where, done, signal) =>
    askAgain(LISTS, () => head('GET', '/v1/deals?limit=1000', where.greedyKey), where, done, signal),
};

const READERS = 2;

export const instruments: Attack = {
  unit: 'lists',
  run: (where, done, signal) =>
    askAgain(READERS, () => head('GET', '/v1/instruments', where.greedyKey), where, done, signal),
};

const POSTERS = 500;

export const posts: Attack = {
  unit: 'posts',
  run(where, done, signal) {
    let id = 0;
    const run = `${process.pid}-${Date.now() % 1e6}`;
    const next = (): string => {
      const body = line('greedy', `${run}-${++id}`, id % 2 === 0 ? 'buy' : 'sell', '10.00');
      const more = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
      return head('POST', '/v1/intentions', where.greedyKey, more) + body;
    };
    return askAgain(POSTERS, next, where, done, signal);
  },
};

const AHEAD = 50_000;
const AHEAD_CONNECTIONS = 4;

export const sentAhead: Attack = {
  unit: 'bytes answered',
  async run({ port }, done, signal) {
    const requests = Buffer.from(head('GET', '/v1/instruments').repeat(AHEAD));
    const open = (): void => {
      const socket = openSocket(port, signal, () => setImmediate(open));
      socket.on('data', (bytes) => done(bytes.length));
      socket.write(requests);
    };
    for (let index = 0; index < AHEAD_CONNECTIONS; index++) open();
    await untilAborted(signal);
  },
};

const SLOW_BODIES = 500;
const BYTE_EACH_MS = 5_000;

export const slowBodies: Attack = {
  unit: 'bodies cut',
  async run({ port }, done, signal) {
    for (let index = 0; index < SLOW_BODIES; index++) {
      const socket = openSocket(port, signal, () => done(1));
      socket.write(
        head('POST', '/v1/intentions', undefined, 'content-type: application/json\r\ncontent-length: 60000\r\n'),
      );
      const timer = setInterval(() => socket.write(' '), BYTE_EACH_MS);
      socket.once('close', () => clearInterval(timer));
      socket.resume();
    }
    await untilAborted(signal);
  },
};
