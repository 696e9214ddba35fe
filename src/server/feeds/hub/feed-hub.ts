/**
 * All feeds of one shard: reads the log once for those that are at the same position, and hands each what it has subscribed to.
 *
 * Owns the feeds, the readers that carry them, and what has not been handed out yet.
 *
 * 1. Each feed gets every event from its position on that it wants, once, in log order, or receives an error and no more.
 * 2. A feed is handed no more than its window and one part (hub-bounds.ts) beyond what its connection has taken. One without room is
 *    carried by nobody as soon as it would get more: it waits, as a position, and costs nothing.
 * 3. So many readers are at work and no more (hub-bounds.ts). A feed that waits is taken along by whichever comes by, else by the next
 *    one that is free. One that has done its share makes way for those that wait, except the one that is furthest.
 * 4. A reader carries feeds of one framing. One that has come to where another one of it stands hands its feeds over. The log is followed only while somebody has room.
 * 5. One round is under way at a time; meanwhile each reader fills one part.
 * 6. A feed that has an end says so when its reader gets there, after all that it was handed, and is forgotten.
 * 7. Readers work no longer than SLICE_MS at a stretch, and all rest for as long then, so that whatever else is on this thread has its turn,
 *    and the exchange has the processor: a log is read for the sake of old positions with no more than half of one.
 */
import { setTimeout as rest } from 'node:timers/promises';
import type { EventBatch } from '../../../events/fold.js';
import type { ShardLog } from '../../../log/port.js';
import type { FeedItem, FeedWish, Hub, TakeRound } from '../feed-source.js';
import { endFramed } from './framing.js';
import { type HubBounds, hubBounds } from './hub-bounds.js';
import { HubFeed } from './hub-feed.js';
import { LogReader } from './log-reader.js';

/** How many slices or parts a reader has before it makes way for those that wait. */
const SHARE_TURNS = 8;
const SLICE_MS = 5;
const REST_MS = 5;
const EVENTS_AT_ONCE = 64;
/** That wait for a round, for each reader there may be, beside those that are being filled. */
const PARTS_A_READER = 2;

export class FeedHub implements Hub<Omit<FeedWish, 'shard'>> {
  private readonly feeds = new Map<number, HubFeed>();
  /** Those that have room and are not carried, in the order in which they came. */
  private readonly waiting = new Set<HubFeed>();
  private readonly readers = new Set<LogReader>();
  private outbox: FeedItem[] = [];
  private isUnderWay = false;
  private handing: NodeJS.Immediate | undefined;
  /** Since when readers have kept this thread. */
  private workingSinceMs: number | undefined;
  private resting: Promise<void> | undefined;

  constructor(
    private readonly log: ShardLog,
    private readonly takeRound: TakeRound,
    private readonly bounds: HubBounds = hubBounds,
  ) {}

  subscribe(id: number, wish: Omit<FeedWish, 'shard'>): void {
    const feed = new HubFeed(id, wish, this.bounds.windowBytes);
    this.feeds.set(id, feed);
    if (feed.position < feed.until) this.find(feed);
    else this.finish([feed]);
  }

  /** For one that is not known any more it does nothing; so does `credit`. */
  unsubscribe(id: number): void {
    const feed = this.feeds.get(id);
    if (feed === undefined) return;
    this.feeds.delete(id);
    this.waiting.delete(feed);
    const reader = this.readerOf(feed);
    reader?.letGo(feed);
    if (reader?.feeds.size === 0) this.close(reader);
  }

  /** So many bytes of what feeds were handed have been taken by their connections: pairs of a feed's number and bytes. */
  credit(credits: readonly number[]): void {
    for (let at = 0; at < credits.length; at += 2) this.creditOne(credits[at] ?? 0, credits[at + 1] ?? 0);
  }

  /** The last round has been passed on. */
  acknowledge(): void {
    this.isUnderWay = false;
    this.handOut();
  }

  /** Ends all feeds, without a word. */
  end(): void {
    this.feeds.clear();
    this.waiting.clear();
    clearImmediate(this.handing);
    for (const reader of this.readers) reader.close();
    this.readers.clear();
  }

  private creditOne(id: number, bytes: number): void {
    const feed = this.feeds.get(id);
    if (feed === undefined) return;
    const hadRoom = feed.hasRoom();
    feed.outstanding -= bytes;
    if (hadRoom || !feed.hasRoom()) return;
    const reader = this.readerOf(feed);
    if (reader === undefined) this.find(feed);
    else reader.hasRoomAgain();
  }

  private readerOf(feed: HubFeed): LogReader | undefined {
    for (const reader of this.readers) if (reader.feeds.has(feed)) return reader;
    return undefined;
  }

  /** Lets a reader carry a feed that has room, or makes it wait for one. */
  private find(feed: HubFeed): void {
    let best: LogReader | undefined;
    for (const reader of this.readers) {
      if (reader.reaches(feed) && reader.position >= (best?.position ?? 0)) best = reader;
    }
    if (best !== undefined) {
      this.carry(best, feed);
      return;
    }
    this.waiting.add(feed);
    this.startReaders();
  }

  private carry(reader: LogReader, feed: HubFeed): void {
    this.waiting.delete(feed);
    // What it was handed elsewhere goes out first.
    for (const other of this.readers) if (other !== reader && other.isFilling(feed.part)) this.seal(other);
    reader.carry(feed);
  }

  private takeAlong(reader: LogReader): void {
    for (const feed of this.waiting) if (reader.reaches(feed)) this.carry(reader, feed);
  }

  private startReaders(): void {
    for (const feed of this.waiting) {
      if (!this.waiting.has(feed)) continue; // taken along by the one that was just started
      if (this.readers.size >= this.bounds.readers) {
        const idle = [...this.readers].find((reader) => reader.isIdle);
        if (idle === undefined) return;
        this.dissolve(idle);
      }
      const reader = new LogReader(this.log.shard, feed.position, this.bounds.partBytes, feed.framing);
      this.readers.add(reader);
      this.takeAlong(reader);
      void this.run(reader);
    }
  }

  private async run(reader: LogReader): Promise<void> {
    try {
      for await (const batch of this.log.follow(reader.position, reader.signal)) {
        if (!reader.isClosed) await this.pass(reader, batch);
        if (reader.isClosed) return;
      }
      throw new Error('the log came to an end');
    } catch (error) {
      if (!reader.isClosed) this.fail(reader, error);
    }
  }

  private async pass(reader: LogReader, batch: EventBatch): Promise<void> {
    reader.mustFollow(batch);
    const cursor = reader.enter(batch);
    const end = batch.firstPosition + batch.count;
    while (reader.position < end) {
      await this.turn(reader);
      if (reader.isClosed) return;
      const ended = reader.advance(cursor, Math.min(end, reader.position + EVENTS_AT_ONCE));
      this.handOutSoon();
      if (ended.length > 0) this.finishAt(reader, ended);
      if (isClosed(reader)) return;
      this.meet(reader);
      if (isClosed(reader)) return;
    }
  }

  /** Resolves when it is the reader's turn to go on, or when it is closed. */
  private async turn(reader: LogReader): Promise<void> {
    while (!reader.isClosed) {
      if (reader.feeds.size === 0) this.close(reader);
      else if (this.mustMakeWay(reader)) this.dissolve(reader);
      else if (!reader.mayGoOn || this.outbox.length > PARTS_A_READER * this.bounds.readers) await reader.change();
      else if (this.resting !== undefined) {
        await this.resting;
        reader.turns++;
        this.takeAlong(reader);
      } else if (performance.now() - (this.workingSinceMs ?? Infinity) > SLICE_MS) {
        this.resting = rest(REST_MS).then(() => (this.resting = undefined));
      } else {
        reader.letGoOfFull();
        this.workingSinceMs ??= performance.now();
        return;
      }
    }
  }

  /** Invariant 6. */
  private finishAt(reader: LogReader, ended: readonly HubFeed[]): void {
    this.seal(reader);
    for (const feed of ended) reader.letGo(feed);
    this.finish(ended);
    if (reader.feeds.size === 0) this.close(reader);
  }

  /** Of feeds that end at the same place. */
  private finish(feeds: readonly HubFeed[]): void {
    const [first] = feeds;
    if (first === undefined) return;
    const bytes = endFramed(first.framing, first.until);
    const ended = feeds.map(({ id }) => id);
    for (const id of ended) this.feeds.delete(id);
    this.outbox.push({ bytes, ranges: Uint32Array.from(ended.flatMap((id) => [id, 0, bytes.length])) }, { ended });
    this.handOutSoon();
  }

  /** Invariant 3. */
  private mustMakeWay(reader: LogReader): boolean {
    if (this.waiting.size === 0 || this.readers.size < this.bounds.readers || reader.turns < SHARE_TURNS) return false;
    for (const other of this.readers) if (other.position > reader.position) return true;
    return false;
  }

  /** Invariant 4. */
  private meet(reader: LogReader): void {
    for (const other of this.readers) {
      if (other === reader || other.position !== reader.position || other.framing !== reader.framing) continue;
      this.handOver(reader, (feed) => this.carry(other, feed));
      return;
    }
  }

  /** Its feeds that have room wait again, behind those that do. */
  private dissolve(reader: LogReader): void {
    this.handOver(reader, (feed) => this.waiting.add(feed));
  }

  /** Closes a reader, and has those of its feeds taken over that have room. */
  private handOver(reader: LogReader, take: (feed: HubFeed) => void): void {
    this.seal(reader);
    for (const feed of reader.feeds) {
      reader.letGo(feed);
      if (feed.hasRoom()) take(feed);
    }
    this.close(reader);
  }

  private fail(reader: LogReader, error: unknown): void {
    this.seal(reader);
    const ids = [...reader.feeds].map(({ id }) => id);
    for (const id of ids) this.feeds.delete(id);
    this.outbox.push({ ids, error });
    this.close(reader);
    this.handOut();
  }

  /** What it has encoded is handed out all the same: feeds that it no longer carries have a part in it. */
  private close(reader: LogReader): void {
    this.seal(reader);
    reader.close();
    this.readers.delete(reader);
    this.handOutSoon();
  }

  private seal(reader: LogReader): void {
    const part = reader.seal();
    if (part === undefined) return;
    reader.turns++;
    this.outbox.push(part);
  }

  private handOutSoon(): void {
    this.handing ??= setImmediate(() => {
      this.handing = undefined;
      this.workingSinceMs = undefined;
      this.startReaders();
      this.handOut();
    });
  }

  private handOut(): void {
    if (this.isUnderWay) return;
    for (const reader of this.readers) this.seal(reader);
    if (this.outbox.length === 0) return;
    this.isUnderWay = true;
    const round = this.outbox;
    this.outbox = [];
    this.takeRound(round);
  }
}

/** Closing happens elsewhere: asked like this, the compiler does not take it to be known. */
function isClosed(reader: LogReader): boolean {
  return reader.isClosed;
}
