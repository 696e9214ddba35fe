/**
 * One place in the log from which feeds are carried on. Owns the feeds that are at it, and the part that is being filled for them.
 *
 * 1. It has passed over no event that a feed it carries wants: one without room is released at the event that it would get.
 * 2. It goes on only while a feed that it carries has room.
 */
import { ByteCursor, DamagedEventError } from '../../../events/bytes.js';
import { type EventKey, skipEvent } from '../../../events/codec.generated.js';
import type { EventBatch } from '../../../events/fold.js';
import { readEventJson, type ToldEvent } from '../../../events/json.generated.js';
import type { FeedPart, Framing } from '../feed-source.js';
import type { HubFeed } from './hub-feed.js';
import { Interests } from './interests.js';
import { OpenPart } from './open-part.js';

/** A feed that begins no further ahead is taken along. */
const REACH_EVENTS = 4_096;

/** The log's batches do not follow one another. */
class LogJumpedError extends Error {
  readonly code = 'LOG_DAMAGED';
  constructor(expected: number, found: number) {
    super(`the log goes on at position ${found}, after what stands before ${expected}`);
    this.name = 'LogJumpedError';
  }
}

export class LogReader {
  readonly feeds = new Set<HubFeed>();
  private readonly interests = new Interests();
  private readonly closing = new AbortController();
  private part: OpenPart;
  /** How many slices and parts it has had. */
  turns = 0;
  /** How many of its feeds have room. */
  private withRoom = 0;
  /** Of the batch that comes next; undefined before the first. */
  private nextBatch: number | undefined;
  private wake: () => void = () => undefined;
  private readonly key: EventKey = { stream: 'shard', first: 0, second: 0 };
  private readonly told: ToldEvent = { type: '', stream: '' };

  /** `position`: of the event that comes next. */
  constructor(
    private readonly shard: number,
    public position: number,
    private readonly partBytes: number,
    readonly framing: Framing,
  ) {
    this.part = this.newPart();
  }

  get signal(): AbortSignal {
    return this.closing.signal;
  }

  get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  /** Whether it could go on: for somebody, and has not made more than can be handed out. */
  get mayGoOn(): boolean {
    return this.withRoom > 0 && !this.part.isFull;
  }

  get isIdle(): boolean {
    return this.withRoom === 0;
  }

  close(): void {
    this.closing.abort();
    this.wake();
  }

  /** Resolves when something may have changed. One at a time waits. */
  change(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  reaches(feed: HubFeed): boolean {
    return (
      feed.framing === this.framing && feed.position >= this.position && feed.position - this.position < REACH_EVENTS
    );
  }

  /** Whether what the feed was handed last is in the part that is being filled. */
  isFilling(part: object | undefined): boolean {
    return part === this.part;
  }

  carry(feed: HubFeed): void {
    this.feeds.add(feed);
    this.interests.add(feed);
    if (feed.hasRoom()) this.hasRoomAgain();
  }

  hasRoomAgain(): void {
    this.withRoom++;
    this.wake();
  }

  /** Releases a feed, which is then at `position`, unless it begins later. */
  letGo(feed: HubFeed, position = this.position): void {
    if (!this.feeds.delete(feed)) return;
    this.interests.remove(feed);
    if (feed.hasRoom()) this.withRoom--;
    feed.position = Math.max(feed.position, position);
  }

  /** Before it goes on with an empty part: feeds of everything that have no room would miss what comes. */
  letGoOfFull(): void {
    if (!this.part.isEmpty) return;
    for (const feed of this.interests.whole) if (!feed.hasRoom()) this.letGo(feed);
  }

  /** Throws LogJumpedError. */
  mustFollow({ firstPosition, count }: EventBatch): void {
    const isNext = this.nextBatch === undefined ? firstPosition <= this.position : firstPosition === this.nextBatch;
    if (!isNext) throw new LogJumpedError(this.nextBatch ?? this.position, firstPosition);
    this.nextBatch = firstPosition + count;
  }

  /** Steps to where it stands in a batch. Throws DamagedEventError. */
  enter({ firstPosition, count, bytes }: EventBatch): ByteCursor {
    const cursor = new ByteCursor(bytes);
    const end = Math.min(this.position, firstPosition + count);
    for (let position = firstPosition; position < end; position++) skipEvent(cursor, this.key);
    return cursor;
  }

  /**
   * Hands the events on up to, not including, `until`, or until the part is full, or one of its feeds ends. Returns those that do: they
   * have got all once what it has encoded is handed out. Throws DamagedEventError.
   */
  advance(cursor: ByteCursor, until: number): readonly HubFeed[] {
    const end = Math.min(until, this.interests.until);
    while (this.position < end && !this.part.isFull) {
      this.takeEvent(cursor);
      this.position++;
    }
    if (this.position === this.nextBatch && cursor.at !== cursor.end) {
      throw new DamagedEventError(`more follows than the batch before ${this.position} counts`, cursor.at);
    }
    return this.interests.endingAt(this.position);
  }

  /** Ends the part that is being filled, and begins another. */
  seal(): FeedPart | undefined {
    this.wake();
    const { part } = this;
    if (part.isEmpty) return undefined;
    for (const feed of this.interests.whole) {
      const before = feed.hasRoom();
      part.giveAll(feed);
      feed.position = Math.max(feed.position, this.position);
      if (before && !feed.hasRoom()) this.withRoom--;
    }
    this.part = this.newPart();
    return part.seal();
  }

  private newPart(): OpenPart {
    return new OpenPart(this.position, this.partBytes, this.framing);
  }

  private takeEvent(cursor: ByteCursor): void {
    const { interests, part, told, shard } = this;
    const start = cursor.at;
    if (interests.areOfStreamsAlone) {
      skipEvent(cursor, this.key);
      if (interests.ofStream(streamName(this.key, shard)).size === 0) {
        part.pass();
        return;
      }
      cursor.at = start;
    }
    const json = readEventJson(cursor, shard, told);
    const { stream, type } = told;
    const ofStream = interests.ofStream(stream);
    const ofType = interests.ofType(type);
    if (interests.whole.size + ofStream.size + ofType.size === 0) {
      part.pass();
      return;
    }
    const { position } = this;
    const channel = this.framing === 'sse' ? '' : '"channel":"events",'; // one of several on its connection
    part.add({ position, type, json: `{${channel}"position":${position},"stream":"${stream}",${json.slice(1)}` });
    for (const feed of ofStream) if (feed.types?.has(type) ?? true) this.give(feed);
    for (const feed of ofType) this.give(feed);
  }

  private give(feed: HubFeed): void {
    if (feed.position > this.position) return;
    if (!feed.hasRoom()) {
      this.letGo(feed);
      return;
    }
    this.part.give(feed);
    feed.position = this.position + 1;
    if (!feed.hasRoom()) this.withRoom--;
  }
}

function streamName({ stream, first, second }: EventKey, shard: number): string {
  switch (stream) {
    case 'intention':
      return `intention-${first}`;
    case 'deal':
      return `deal-${first}-${second}`;
    case 'shard':
      return `shard-${shard}`;
  }
}
