import { setImmediate as otherWork } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Event, streamOf } from '../../../../../src/events/event.js';
import { eventsOfBatch } from '../../../../../src/events/fold.js';
import type { LogWriter } from '../../../../../src/log/port.js';
import { FeedHub } from '../../../../../src/server/feeds/hub/feed-hub.js';
import type { FeedItem, FeedWish } from '../../../../../src/server/feeds/feed-source.js';
import { aborted, named, reduced, Sealer } from '../../../../support/log/batches.js';
import { MemoryLog } from '../../../../support/log/memory-log.js';
import { runs } from '../../../../support/property/runs.js';
import { events as anyEvents } from '../../../../support/reference/arbitrary-events.js';

/** Small, so that windows close and readers are too few. */
const bounds = { windowBytes: 600, partBytes: 900, readers: 3 };
/** Whatever a hub of so few events and feeds does is done in fewer turns of the event loop. */
const MOST_TURNS = 5_000;

type Wish = Omit<FeedWish, 'shard' | 'from' | 'until'>;

type Step =
  | { readonly do: 'append'; readonly events: readonly Event[] }
  /** `until`: how much of what there is from there on it asks for; all that will ever come unless it is given. */
  | { readonly do: 'subscribe'; readonly wish: Wish; readonly from: number; readonly until?: number | undefined }
  | { readonly do: 'take'; readonly feed: number; readonly bytes: number }
  | { readonly do: 'unsubscribe'; readonly feed: number }
  | { readonly do: 'acknowledge' }
  | { readonly do: 'wait' };

const events: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat()).map(([id, lots]) => reduced(id, lots)) },
  { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.nat(2)).map(([id, deal]) => aborted(id, deal)) },
  { weight: 1, arbitrary: fc.nat(700).map((length) => named('é'.repeat(length), 1)) },
  { weight: 1, arbitrary: anyEvents },
);
const streams = fc.constantFrom('shard-0', 'intention-1', 'intention-2', 'intention-3', 'deal-1-1', 'none');
const types = fc.subarray(['IntentionReduced', 'DealAborted', 'BatchSealed', 'Nothing']).map((some) => new Set(some));
const framing = fc.constantFrom('sse' as const, 'websocket' as const);
const wishes: fc.Arbitrary<Wish> = fc.record({
  framing,
  stream: fc.option(streams, { nil: undefined }),
  types: fc.option(types, { nil: undefined }),
});
const whole: Wish = { framing: 'sse', stream: undefined, types: undefined };
const append = fc.record({
  do: fc.constant('append' as const),
  events: fc.array(events, { minLength: 1, maxLength: 12 }),
});
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: append },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      wish: fc.oneof(
        framing.map((how) => ({ ...whole, framing: how })),
        wishes,
      ),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      until: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('take' as const), feed: fc.nat(20), bytes: fc.nat(1_500) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), feed: fc.nat(20) }) },
  { weight: 5, arbitrary: fc.constant({ do: 'acknowledge' as const }) },
  { weight: 5, arbitrary: fc.constant({ do: 'wait' as const }) },
);

const turns = (count: number): readonly Step[] => Array.from({ length: count }, () => ({ do: 'wait' }));

interface Follower extends Wish {
  readonly id: number;
  readonly from: number;
  readonly until: number | undefined;
  /** It was told that it has got all. */
  hasEnded: boolean;
  isOver: boolean;
  got: string;
  gotBytes: number;
  takenBytes: number;
}

/** The bytes of a text, a character each. */
function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** RFC 6455, 5.2: the head of a frame that is a whole unmasked text, and the text. */
function textFrame(text: string): string {
  const payload = inBytes(text);
  const { length } = payload;
  if (length < 126) return `\x81${String.fromCharCode(length)}${payload}`;
  return `\x81\x7e${String.fromCharCode(length >> 8, length & 0xff)}${payload}`;
}

/** What a feed that ends is told last. */
function endOf(how: Wish['framing'], until: number): string {
  if (how === 'sse') return `event: upTo\ndata: {"type":"upTo","position":${until}}\n\n`;
  return textFrame(JSON.stringify({ channel: 'events', type: 'upTo', position: until }));
}

/** More than that takes no bytes. */
const END_BYTES = 100;

function isEnd(item: FeedItem): boolean {
  return 'bytes' in item && item.bytes.length < END_BYTES && Buffer.from(item.bytes).includes('"upTo"');
}

/** A hub on a log in memory, what each feed was handed, and what a plain filter of the log says that it gets. */
class Trial {
  readonly followers: Follower[] = [];
  private readonly log = new MemoryLog();
  private readonly sealer = new Sealer();
  private readonly messages: (Record<Wish['framing'], string> & { readonly stream: string; readonly type: string })[] =
    [];
  private largest = 0;
  private isUnderWay = false;
  private readonly hub = new FeedHub(this.log, (round) => this.receive(round), bounds);

  constructor(private readonly writer: (log: MemoryLog) => Promise<LogWriter>) {}

  async play(script: readonly Step[]): Promise<void> {
    const writer = await this.writer(this.log);
    for (const step of script) {
      const done = this.step(step, writer);
      if (done !== undefined) await done; // those that take no time come at once
    }
    for (let turn = 0; !this.isComplete() && turn < MOST_TURNS; turn++) {
      for (const follower of this.followers) this.take(follower, Number.POSITIVE_INFINITY);
      this.acknowledge();
      await otherWork();
    }
    for (const follower of this.followers) if (!follower.isOver) expect(follower.got).toBe(this.expected(follower));
    expect(this.isComplete()).toBe(true);
    this.hub.end();
  }

  private step(step: Step, writer: LogWriter): Promise<void> | undefined {
    switch (step.do) {
      case 'append':
        return this.append(step.events, writer);
      case 'subscribe':
        this.subscribe(step);
        return undefined;
      case 'take':
        this.take(this.follower(step.feed), step.bytes);
        return undefined;
      case 'unsubscribe':
        this.unsubscribe(this.follower(step.feed));
        return undefined;
      case 'acknowledge':
        this.acknowledge();
        return undefined;
      case 'wait':
        return otherWork();
    }
  }

  private async append(some: readonly Event[], writer: LogWriter): Promise<void> {
    const batch = this.sealer.seal(some);
    const { buffer, start, end } = batch;
    const read = { ...batch, bytes: buffer.subarray(start, end) };
    for (const { position, event } of eventsOfBatch(read)) {
      const stream = streamOf(event, 0);
      const data = JSON.stringify({ position, stream, ...event });
      const sse = inBytes(`id: ${position}\nevent: ${event.type}\ndata: ${data}\n\n`);
      const websocket = textFrame(JSON.stringify({ channel: 'events', position, stream, ...event }));
      this.messages.push({ stream, type: event.type, sse, websocket });
      this.largest = Math.max(this.largest, sse.length, websocket.length);
    }
    expect(await writer.append(batch)).toBe('appended');
  }

  private subscribe({ wish, from: share, until: shareOfRest }: Extract<Step, { do: 'subscribe' }>): void {
    const { framing: how, stream, types: some } = wish;
    const id = this.followers.length;
    const head = this.messages.length;
    const from = Math.round(share * head);
    const until = shareOfRest === undefined ? undefined : from + Math.round(shareOfRest * (head - from));
    const follower = {
      id,
      framing: how,
      from,
      until,
      stream,
      types: some,
      hasEnded: false,
      isOver: false,
      got: '',
      gotBytes: 0,
      takenBytes: 0,
    };
    this.followers.push(follower);
    this.hub.subscribe(id, follower);
  }

  private receive(round: readonly FeedItem[]): void {
    expect(this.isUnderWay).toBe(false);
    this.isUnderWay = true;
    const parts = round.filter((item) => !('ended' in item) && !isEnd(item));
    expect(parts.length).toBeLessThanOrEqual(3 * bounds.readers + 1);
    for (const item of round) {
      if ('error' in item) throw new Error('a feed failed', { cause: item.error });
      if ('ended' in item) {
        for (const id of item.ended) this.ended(this.follower(id));
        continue;
      }
      expect(item.bytes.length).toBeLessThan(bounds.partBytes + this.largest);
      for (let at = 0; at < item.ranges.length; at += 3) {
        const [id = 0, start, end] = item.ranges.subarray(at, at + 3);
        this.hand(this.follower(id), Buffer.from(item.bytes.subarray(start, end)));
      }
    }
  }

  private ended(follower: Follower | undefined): void {
    if (follower === undefined || follower.isOver) return;
    follower.hasEnded = true;
    expect(follower.got).toBe(this.expected(follower));
  }

  private hand(follower: Follower | undefined, bytes: Buffer): void {
    if (follower === undefined || follower.isOver) return;
    follower.got += bytes.toString('latin1');
    follower.gotBytes += bytes.length;
    expect(follower.hasEnded).toBe(false);
    expect(this.expected(follower).startsWith(follower.got)).toBe(true);
    const outstanding = follower.gotBytes - follower.takenBytes;
    expect(outstanding).toBeLessThan(bounds.windowBytes + bounds.partBytes + this.largest + END_BYTES);
  }

  private take(follower: Follower | undefined, most: number): void {
    if (follower === undefined) return;
    const bytes = Math.min(most, follower.gotBytes - follower.takenBytes);
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

  private isComplete(): boolean {
    const isDone = (follower: Follower): boolean =>
      follower.got === this.expected(follower) && follower.hasEnded === (follower.until !== undefined);
    return this.followers.every((follower) => follower.isOver || isDone(follower));
  }

  private expected({ framing: how, from, until, stream: wanted, types: some }: Follower): string {
    const sent = this.messages
      .slice(from, until)
      .filter(({ stream, type }) => (wanted === undefined || wanted === stream) && (some?.has(type) ?? true))
      .map((message) => message[how])
      .join('');
    return until === undefined ? sent : sent + endOf(how, until);
  }

  private follower(index: number): Follower | undefined {
    return this.followers[index];
  }
}

describe('the feeds of a log', () => {
  it('The feeds of a log each get what a filter of the log gives, in order, even when others read slowly, leave or come late; none is handed more than its bounds', async () => {
    const scripts = fc
      .tuple(fc.array(append, { maxLength: 20 }), fc.array(steps, { maxLength: 150 }))
      .map(([before, then]): readonly Step[] => [...before, ...then]);
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        await new Trial((log) => log.open()).play(script);
      }),
      runs(150),
    );
  });

  it('A feed is handed what two readers have for it in the order of the log', async () => {
    const lots = [reduced(1, 1), reduced(1, 2), reduced(1, 3)];
    const deals = Array.from({ length: 5 }, (_, deal) => aborted(1, deal));
    const some = [...lots, ...deals, reduced(1, 4), aborted(2, 1), reduced(1, 5), aborted(2, 2), aborted(2, 3)];
    const head = some.length + 1;
    const of = (type: string): Wish => ({ ...whole, types: new Set([type]) });
    const subscribe = (wish: Wish, from: number): Step => ({ do: 'subscribe', wish, from: from / head });
    await new Trial((log) => log.open()).play([
      { do: 'append', events: some },
      subscribe(whole, 4), // whose reader rests before position 10
      ...turns(3),
      { do: 'acknowledge' },
      ...[subscribe(whole, 0), subscribe(of('IntentionReduced'), 0), subscribe(of('BatchSealed'), 0)],
      ...turns(3), // the second has no room before position 10, and its reader has gone on
      { do: 'take', feed: 2, bytes: 500 },
      ...turns(3),
    ]);
  });

  it('A feed that ends within a batch is handed nothing of what follows there, whether it asks for everything or for some, beside one that goes on', async () => {
    const some = Array.from({ length: 15 }, (_, lots) => reduced(1, lots));
    const wanted: Wish = { ...whole, types: new Set(['IntentionReduced']) };
    const nobodys: Wish = { ...whole, stream: 'none' };
    await new Trial((log) => log.open()).play([
      { do: 'append', events: some },
      ...[whole, wanted, nobodys].flatMap((wish): Step[] => [
        { do: 'subscribe', wish, from: 0, until: 0.5 },
        { do: 'subscribe', wish, from: 0.25, until: 0 },
      ]),
      { do: 'subscribe', wish: whole, from: 0 },
    ]);
  });

  it('The feeds of a log stop being read for once so much is made that is not passed on', async () => {
    const some = Array.from({ length: 20 }, (_, lots) => reduced(1, lots));
    const seals: Wish = { ...whole, types: new Set(['BatchSealed']) };
    const froms = Array.from({ length: 20 }, (_, index) => (20 - index) / 21);
    await new Trial((log) => log.open()).play([
      { do: 'append', events: some },
      ...froms.flatMap((from): Step[] => [{ do: 'subscribe', wish: seals, from }, ...turns(3)]),
    ]);
  });
});
