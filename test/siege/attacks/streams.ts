/** Streams of posts: lines that are nothing, whose answers nobody reads; and valid ones, as fast as they are taken. */
import type { Socket } from 'node:net';
import { untilAborted } from '../../support/time/until-aborted.js';
import { line } from '../target.js';
import type { Attack } from './attack.js';
import { countLines, head, openSocket } from './sockets.js';

const UNREAD_CONNECTIONS = 200;
const UNREAD_BYTES = 2_000_000;
const CONNECTIONS = 50;
const LINES_AT_ONCE = 500;

function start(socket: Socket, key: string): void {
  const more = 'content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n';
  socket.write(head('POST', '/v1/intentions', key, more));
}

function writeChunk(socket: Socket, text: string): boolean {
  return socket.write(`${text.length.toString(16)}\r\n${text}\r\n`);
}

export const unreadLines: Attack = {
  unit: 'connections open',
  async run({ port, greedyKey }, done, signal) {
    const lines = '{}\n'.repeat(UNREAD_BYTES / 3);
    for (let index = 0; index < UNREAD_CONNECTIONS; index++) {
      const socket = openSocket(port, signal);
      socket.pause();
      start(socket, greedyKey);
      writeChunk(socket, lines);
      done(1);
    }
    await untilAborted(signal);
  },
};

export const lines: Attack = {
  unit: 'lines answered',
  async run({ port, greedyKey }, done, signal) {
    let id = 0;
    const run = `${process.pid}-${Date.now() % 1e6}`;
    for (let index = 0; index < CONNECTIONS; index++) {
      const socket = openSocket(port, signal);
      start(socket, greedyKey);
      const send = (): void => {
        let text = '';
        for (let at = 0; at < LINES_AT_ONCE; at++) {
          text += `${line('greedy', `${run}-${++id}`, id % 2 === 0 ? 'buy' : 'sell', '10.00')}\n`;
        }
        if (writeChunk(socket, text)) setImmediate(send);
      };
      socket.on('drain', send);
      socket.on('data', (bytes) => done(countLines(bytes)));
      send();
    }
    await untilAborted(signal);
  },
};
