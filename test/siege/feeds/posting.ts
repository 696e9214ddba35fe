/** The process that posts: single intentions at an even rate, whatever the outcome of those before. */
import { connect, type Socket } from 'node:net';
import { ResponseReader } from '../../bench/http/http-response.js';
import { answerAll } from './talk.js';

interface Posting {
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** 1: each deals with one that stands. */
  readonly dealing: number;
}

const CREATED = 201;
const DEALING = { side: 'buy', price: '10.00' };
const RESTING = { side: 'buy', price: '1.00' };
const run = Math.floor(performance.timeOrigin).toString(36);

let posted = 0;
const idle: Socket[] = [];
let port = 0;
const times: number[] = [];
let failed = 0;

function request(dealing: boolean): string {
  const id = `${run}-${++posted}`;
  const fields = { clientIntentionId: id, participant: 'buyer', instrument: 'SIEGE', quantity: '1' };
  const body = JSON.stringify({ ...fields, ...(dealing ? DEALING : RESTING) });
  const head = 'POST /v1/intentions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';
  return `${head}content-length: ${body.length}\r\n\r\n${body}`;
}

function post(dueMs: number, dealing: boolean): void {
  let socket = idle.pop();
  while (socket?.destroyed === true) socket = idle.pop();
  send(socket ?? connect({ host: '127.0.0.1', port, noDelay: true }), dueMs, dealing);
}

function send(socket: Socket, dueMs: number, dealing: boolean): void {
  socket.on('error', () => undefined); // it closes then
  const over = (isFine: boolean): void => {
    socket.removeAllListeners();
    socket.on('error', () => undefined);
    times.push(performance.now() - dueMs);
    if (!isFine) failed++;
  };
  const reader = new ResponseReader((status) => {
    over(status === CREATED);
    idle.push(socket);
  });
  socket.on('data', (bytes) => reader.push(bytes));
  socket.once('close', () => over(false));
  socket.write(request(dealing));
}

async function work(posting: Posting): Promise<Readonly<Record<string, number>>> {
  if (posting.port !== port) idle.length = 0;
  port = posting.port;
  times.length = 0;
  failed = 0;
  const count = posting.perSecond * posting.seconds;
  const everyMs = 1_000 / posting.perSecond;
  const startMs = performance.now();
  for (let sent = 0; sent < count;) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const due = Math.min(count, Math.floor((performance.now() - startMs) / everyMs));
    for (; sent < due; sent++) post(startMs + sent * everyMs, posting.dealing === 1);
  }
  while (times.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1), failed };
}

// The process that started this one sends no other questions.
answerAll((question) => work(question as Posting));
