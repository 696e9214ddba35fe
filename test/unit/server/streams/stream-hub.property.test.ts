import { setImmediate as otherWork } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookFold } from '../../../../projections/book/book.js';
import { type BookView, bookView } from '../../../../projections/book/views.js';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { ReadModel } from '../../../../projections/model/read-model.js';
import type { BookDiff, BookSnapshot } from '../../../../projections/streams/messages.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import type { LogWriter } from '../../../../src/log/port.js';
import type { FeedItem } from '../../../../src/server/feeds/feed-source.js';
import { streamBounds } from '../../../../src/server/streams/stream-bounds.js';
import { StreamHub } from '../../../../src/server/streams/stream-hub.js';
import type { StreamWish } from '../../../../src/server/streams/stream-source.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { until } from '../../../support/patience.js';
import { runs } from '../../../support/property/runs.js';
import { folded, toAppend } from '../../projections/folding.js';
import { naiveStreams } from '../../projections/streams/naive-streams.js';
import { ReplayedBook } from '../../projections/streams/replayed-book.js';

/** Small, so that windows close, rings turn over and readers have to be caught up. */
const bounds = {
  ...streamBounds,
  windowBytes: 1_200,
  partBytes: 1_500,
  mostKeptOfTopic: 3_000,
  leastKeptOfTopic: 3_000,
  tickMs: 1,
};

type Asked = Pick<StreamWish, 'channel' | 'instrument' | 'participant' | 'rate'>;

type Step =
  | { readonly do: 'append'; readonly batches: number }
  | { readonly do: 'subscribe'; readonly asked: Asked; readonly framing: StreamWish['framing']; readonly from: number }
  | { readonly do: 'take'; readonly reader: number; readonly bytes: number }
  | { readonly do: 'unsubscribe'; readonly reader: number }
  | { readonly do: 'acknowledge' }
  | { readonly do: 'wait' };

const instrument = fc.constantFrom('S0', 'S1', 'S2');
const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({ channel: fc.constant('trades' as const), instrument }),
  fc.record({
    channel: fc.constant('own' as const),
    participant: fc.constantFrom('alice', 'bob', undefined, 'nobody'),
  }),
  fc.record({
    channel: fc.constant('book' as const),
    instrument,
    rate: fc.constantFrom('batch' as const, '100ms' as const),
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), batches: fc.integer({ min: 1, max: 8 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      asked,
      framing: fc.constantFrom('sse' as const, 'websocket' as const),
      from: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.97, max: 1, noNaN: true })),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('take' as const), reader: fc.nat(12), bytes: fc.nat(4_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), reader: fc.nat(12) }) },
  { weight: 5, arbitrary: fc.constant({ do: 'acknowledge' as const }) },
  { weight: 5, arbitrary: fc.constant({ do: 'wait' as const }) },
);

interface Follower {
  readonly id: number;
  readonly wish: StreamWish;
  /** How far the log was when it came. */
  readonly head: number;
  bytes: Buffer;
  takenBytes: number;
  isOver: boolean;
  failure: unknown;
  /** What of the bytes has been read, and what it said. */
  read: number;
  readonly messages: Message[];
  applied: number;
  book: ReplayedBook | undefined;
}

type Message = Record<string, unknown> & { readonly type: string; readonly position: number };

/** What a follower was sent, message by message: the frames of a WebSocket, or server-sent events. */
function messagesOf(follower: Follower): readonly Message[] {
  const { wish, messages } = follower;
  while (follower.read < follower.bytes.length)
    messages.push(wish.framing === 'sse' ? nextEvent(follower) : nextFrame(follower));
  return messages;
}

function nextEvent(follower: Follower): Message {
  const end = follower.bytes.indexOf('\n\n', follower.read);
  const block = follower.bytes.toString('utf8', follower.read, end);
  follower.read = end + 2;
  const [, id, type, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
  const message = JSON.parse(data ?? '') as Message;
  expect(message.type).toBe(type);
  expect(message.position - (type === 'upTo' ? 1 : 0)).toBe(Number(id));
  return message;
}

function nextFrame(follower: Follower): Message {
  const { bytes, read } = follower;
  expect(bytes[read]).toBe(0x81);
  const short = bytes.readUInt8(read + 1);
  const [length, start] = short < 126 ? [short, read + 2] : [bytes.readUInt16BE(read + 2), read + 4];
  follower.read = start + length;
  return JSON.parse(bytes.subarray(start, start + length).toString()) as Message;
}

/** A hub on a log in memory that grows, and what a naive look at all of it says that each reader is told. */
class Trial {
  private readonly log = new MemoryLog();
  private readonly followers: Follower[] = [];
  private appended = 0;
  private head = 0;
  private isUnderWay = false;
  private readonly hub: StreamHub;

  constructor(private readonly batches: readonly EventBatch[]) {
    const start = async (atMost: number): Promise<ReadModel> => {
      // As a checkpoint: somewhere before.
      const before = this.batches.filter(({ firstPosition, count }) => firstPosition + count <= atMost);
      return folded(before.slice(0, Math.floor(before.length / 2)), new ReadModel());
    };
    const isThere = { log: this.log, start, shownShard: undefined, clock: Date.now };
    this.hub = new StreamHub(isThere, (round) => this.receive(round), bounds);
  }

  async play(script: readonly Step[]): Promise<void> {
    const writer = await this.log.open();
    await this.append(3, writer); // the instruments are listed
    for (const each of script) await this.step(each, writer);
    const due = this.followers.map((follower) => this.due(follower));
    const isTold = (follower: Follower, index: number): boolean => follower.isOver || due[index]?.() === true;
    await until('all are told', () => {
      for (const follower of this.followers) this.take(follower, Number.POSITIVE_INFINITY);
      this.acknowledge();
      return this.followers.every(isTold);
    });
    for (const follower of this.followers) this.judge(follower);
    this.hub.end();
  }

  private async step(each: Step, writer: LogWriter): Promise<void> {
    switch (each.do) {
      case 'append':
        await this.append(each.batches, writer);
        return;
      case 'subscribe':
        this.subscribe(each);
        return;
      case 'take':
        this.take(this.followers[each.reader], each.bytes);
        return;
      case 'unsubscribe':
        this.unsubscribe(this.followers[each.reader]);
        return;
      case 'acknowledge':
        this.acknowledge();
        return;
      case 'wait':
        await otherWork();
    }
  }

  private async append(count: number, writer: LogWriter): Promise<void> {
    for (const batch of this.batches.slice(this.appended, this.appended + count)) {
      expect(await writer.append(toAppend(batch))).toBe('appended');
      this.head = batch.firstPosition + batch.count;
    }
    this.appended += count;
  }

  private subscribe({ asked: what, framing, from }: Extract<Step, { readonly do: 'subscribe' }>): void {
    const id = this.followers.length;
    const isOfEvents = what.channel !== 'book';
    const wish = { ...what, framing, shard: 0, ...(isOfEvents && { from: Math.round(from * this.head) }) };
    const bytes = Buffer.alloc(0);
    this.followers.push({
      id,
      wish,
      head: this.head,
      bytes,
      takenBytes: 0,
      isOver: false,
      failure: undefined,
      read: 0,
      messages: [],
      applied: 0,
      book: undefined,
    });
    this.hub.subscribe(id, wish);
  }

  private receive(round: readonly FeedItem[]): void {
    expect(this.isUnderWay).toBe(false);
    this.isUnderWay = true;
    for (const item of round) {
      if ('error' in item) {
        for (const id of item.ids) this.fail(id, item.error);
        continue;
      }
      if ('ended' in item) throw new Error('a stream has no end');
      for (let at = 0; at < item.ranges.length; at += 3) {
        const [id = 0, start, end] = item.ranges.subarray(at, at + 3);
        const follower = this.followers[id];
        if (follower === undefined || follower.isOver) continue;
        const isGreeting = follower.bytes.length === 0;
        follower.bytes = Buffer.concat([follower.bytes, item.bytes.subarray(start, end)]);
        const outstanding = follower.bytes.length - follower.takenBytes;
        if (!isGreeting) expect(outstanding).toBeLessThan(bounds.windowBytes + bounds.partBytes + 12_000);
      }
    }
  }

  private fail(id: number, error: unknown): void {
    const follower = this.followers[id];
    if (follower === undefined) return;
    expect(follower.failure).toBeUndefined();
    follower.failure = error;
    follower.isOver = true;
    expect(error).toMatchObject({ code: 'TOO_SLOW' });
    // Only one that did not take what it was handed.
    expect(follower.bytes.length - follower.takenBytes).toBeGreaterThanOrEqual(bounds.windowBytes);
  }

  private take(follower: Follower | undefined, most: number): void {
    if (follower === undefined) return;
    const bytes = Math.min(most, follower.bytes.length - follower.takenBytes);
    if (bytes === 0) return;
    follower.takenBytes += bytes;
    this.hub.credit([follower.id, bytes]);
  }

  private unsubscribe(follower: Follower | undefined): void {
    if (follower === undefined) return;
    follower.isOver = true;
    this.hub.unsubscribe(follower.id);
  }

  private acknowledge(): void {
    if (!this.isUnderWay) return;
    this.isUnderWay = false;
    this.hub.acknowledge();
  }

  /** Tells whether a follower was told all that there is. */
  private due(follower: Follower): () => boolean {
    const { wish } = follower;
    if (wish.channel === 'book') {
      const { bids, asks, phase } = this.bookNow(wish);
      return () => {
        const kept = bookOf(follower)?.view();
        return JSON.stringify([kept?.bids, kept?.asks, kept?.phase]) === JSON.stringify([bids, asks, phase]);
      };
    }
    const { length } = this.expected(follower);
    return () => eventsTold(follower).length >= length;
  }

  private judge(follower: Follower): void {
    if (follower.wish.channel === 'book') {
      this.judgeBook(follower);
      return;
    }
    mustBeInOrder(follower);
    const told = eventsTold(follower);
    const expected = this.expected(follower);
    expect(told.map(withoutTerms)).toEqual(follower.isOver ? expected.slice(0, told.length) : expected);
  }

  private judgeBook(follower: Follower): void {
    // Each message has been checked by its checksum, and by where it goes on.
    const kept = bookOf(follower)?.view();
    if (kept === undefined || follower.isOver) expect(follower.isOver).toBe(true);
    else expect(kept).toEqual({ ...this.bookNow(follower.wish), position: kept.position });
  }

  private expected({ wish }: Follower): object[] {
    const { own, trades } = naiveStreams(this.soFar());
    const { channel, from = 0, instrument: symbol, participant } = wish;
    const all = channel === 'own' ? own : trades.filter((trade) => trade.instrument === symbol);
    return all
      .filter((message) => Number(message.position) >= from)
      .filter((message) => participant === undefined || message.participant === participant)
      .map((message) => (participant === undefined ? message : { ...message, participant: undefined }))
      .map((message) => JSON.parse(JSON.stringify(message)) as object);
  }

  private soFar(): readonly EventBatch[] {
    return this.batches.slice(0, this.appended);
  }

  private bookNow({ instrument: symbol = '' }: StreamWish): BookView {
    const [book, directory] = [folded(this.soFar(), new BookFold()), folded(this.soFar(), new DirectoryFold())];
    const listed = directory.instrumentBySymbol(symbol);
    if (listed === undefined) throw new Error('it is listed');
    return bookView(book, listed, Number.POSITIVE_INFINITY, this.head);
  }
}

/** The book that it has been told of; undefined before the first message. */
function bookOf(follower: Follower): ReplayedBook | undefined {
  const messages = messagesOf(follower);
  for (const message of messages.slice(follower.applied)) {
    if (follower.applied++ === 0) follower.book = new ReplayedBook(message as unknown as BookSnapshot);
    else follower.book?.take(message as unknown as BookDiff);
  }
  return follower.book;
}

function eventsTold(follower: Follower): Message[] {
  return messagesOf(follower).filter(({ type }) => type !== 'upTo');
}

/** What a follower is told of how far it is must be true of what it is told before and after. */
function mustBeInOrder(follower: Follower): void {
  let least = 0;
  for (const { type, position } of messagesOf(follower)) {
    expect(position).toBeGreaterThanOrEqual(least);
    least = type === 'upTo' ? position : position + 1;
  }
}

function withoutTerms(message: Message): object {
  const { intention } = message as { readonly intention?: Record<string, unknown> };
  if (intention === undefined) return message;
  const { type, price, quantity, timeInForce, postedAt } = intention;
  return JSON.parse(
    JSON.stringify({ ...message, intention: { type, price, quantity, timeInForce, postedAt } }),
  ) as object;
}

describe('the streams of a shard', () => {
  it('The streams of a shard each say what a naive fold of the log says, in order, once, even when others read slowly, leave or come late, and one that is too slow is told so', async () => {
    const property = fc.asyncProperty(
      fc.nat(),
      fc.array(step, { minLength: 40, maxLength: 90 }),
      async (seed, script) => {
        const history = new History();
        new NaiveMarket(history, seed, { crash: 0.005, decline: 0.05, auction: 0.01 }).run(1_500);
        await new Trial(history.batches()).play(script);
      },
    );
    await fc.assert(property, runs(4));
  });
});
