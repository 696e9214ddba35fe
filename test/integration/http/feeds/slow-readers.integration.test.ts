import { createParser } from 'eventsource-parser';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { EventBatch } from '../../../../src/events/fold.js';
import { LocalFeeds } from '../../../../src/server/feeds/local-feeds.js';
import { streamBounds } from '../../../../src/server/streams/stream-bounds.js';
import { StreamHub } from '../../../../src/server/streams/stream-hub.js';
import type { StreamWish } from '../../../../src/server/streams/stream-source.js';
import { ReadModel } from '../../../../projections/model/read-model.js';
import { openFeed } from '../../../support/http/feed.js';
import { serverOfLog } from '../../../support/http/growing-server.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { growingLog } from '../../../unit/projections/folding.js';
import { naiveStreams } from '../../../unit/projections/streams/naive-streams.js';

const USUAL_BUFFER = 4 << 20;

/** The most that the kernel keeps of what was sent and not read, in bytes. */
function sendBuffer(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/tcp_wmem', 'utf8').trim().split(/\s+/)[2]);
  } catch {
    return USUAL_BUFFER; // no Linux
  }
}

/** More than the buffers of a connection take. */
const EVENTS = Math.ceil(20_000 * Math.max(1, sendBuffer() / USUAL_BUFFER));
const FIRST = 10;
const STRETCH = 50;
/** So little is kept for who falls behind that it is soon too much. */
const bounds = { ...streamBounds, mostKeptOfTopic: 1 << 18, leastKeptOfTopic: 1 << 18 };

let batches: readonly EventBatch[];
/** Where something happened to anybody’s intention. */
let positions: readonly number[];
beforeAll(() => {
  const history = new History();
  new NaiveMarket(history, 11, { crash: 0, decline: 0.02, auction: 0 }).run(EVENTS);
  batches = history.batches();
  positions = naiveStreams(batches).own.map(({ position }) => Number(position));
});

/** A server whose streams keep little, of a log that goes on once it is told to, as fast as one that reads is told of it. */
async function served() {
  const { log, append } = await growingLog(batches.slice(0, FIRST));
  const start = (): Promise<ReadModel> => Promise.resolve(new ReadModel());
  const streams = new LocalFeeds<StreamWish>(
    [log],
    (followed, takeRound) =>
      new StreamHub({ log: followed, start, shownShard: undefined, clock: Date.now }, takeRound, bounds),
  );
  const { url } = await serverOfLog(log, { feeds: { streams } });
  const feed = await openFeed(`${url}/v1/own/stream?from=0`);
  const found: number[] = [];
  const goOn = async (): Promise<void> => {
    for (let at = FIRST; at < batches.length; at += STRETCH) {
      const stretch = batches.slice(at, at + STRETCH);
      await append(stretch);
      const { firstPosition = 0 } = stretch.at(-1) ?? {};
      const due = positions.filter((position) => position < firstPosition).length;
      while (found.length < due) found.push(...told((await feed.take(1)).map(({ data }) => data)));
    }
    while (found.length < positions.length) found.push(...told((await feed.take(1)).map(({ data }) => data)));
    expect(found).toEqual(positions);
  };
  return { url, goOn };
}

const told = (messages: readonly Readonly<Record<string, unknown>>[]): number[] =>
  messages.filter(({ type }) => type !== 'upTo').map(({ position }) => Number(position));

/** Takes all that comes after an event, over as many connections as it takes: it must be all that has happened since. */
async function mustGoOn(url: string, last: number): Promise<void> {
  const rest = positions.filter((position) => position > last);
  const found: number[] = [];
  let lastId = String(last);
  while (found.length < rest.length) {
    const feed = await openFeed(`${url}/v1/own/stream`, { 'last-event-id': lastId });
    while (found.length < rest.length) {
      const [next] = await feed.take(1);
      if (next === undefined || next.event === 'error') break;
      found.push(...told([next.data]));
      lastId = next.id ?? lastId;
    }
  }
  expect(found).toEqual(rest);
}

describe('a reader of a stream that is too slow', () => {
  it('A reader of server-sent events that is too slow is told so after what it was sent, is cut, and goes on after its last id with no gap and nothing twice', async () => {
    const { url, goOn } = await served();
    const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.write('GET /v1/own/stream?from=0 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
    const chunks: Buffer[] = [];
    const messages: { readonly event: string | undefined; readonly data: Readonly<Record<string, unknown>> }[] = [];
    await once(socket, 'readable');
    await goOn();
    socket.on('data', (bytes: Buffer) => chunks.push(bytes));
    await once(socket, 'close');
    const parser = createParser({
      onEvent: ({ event, data }) =>
        messages.push({ event, data: JSON.parse(data) as Readonly<Record<string, unknown>> }), // messages and problems are objects
    });
    parser.feed(bodyOf(Buffer.concat(chunks)));
    expect(messages.at(-1)).toMatchObject({ event: 'error', data: { code: 'TOO_SLOW', status: 429 } });
    const found = told(messages.slice(0, -1).map(({ data }) => data));
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(positions.length);
    expect(found).toEqual(positions.slice(0, found.length));
    await mustGoOn(url, found.at(-1) ?? 0);
  });
});

/** Without the head, and without the lengths of its chunks. */
function bodyOf(bytes: Buffer): string {
  let at = bytes.indexOf('\r\n\r\n') + 4;
  let body = '';
  while (at < bytes.length) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size > 0)) break;
    body += bytes.toString('utf8', end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
  return body;
}
