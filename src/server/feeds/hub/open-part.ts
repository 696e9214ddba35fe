/**
 * A part that is being filled. Owns the messages that one reader has encoded and not yet handed out, and who gets which of them.
 *
 * 1. The messages stand in the order of their positions. Where a feed of everything is carried, there is one for each position from
 *    where it joined on, so that what it gets is one range.
 * 2. It is full at so many bytes as it is made for; one message may go beyond.
 */
import type { FeedPart, Framing } from '../feed-source.js';
import { type Message, mostFramedBytes, writeFramed } from './framing.js';
import type { WindowedFeed } from './windowed-feed.js';

/** Positions passed over without a message count too, for where each begins is kept. */
const PART_POSITIONS = 1 << 13;
const FIRST_BYTES = 1 << 12;
const nothing = Buffer.alloc(0);

export class OpenPart {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private length = 0;
  private starts: number[] = [];
  private ranges: number[] = [];

  /** `first`: the position that comes next. */
  constructor(
    private first: number,
    private readonly mostBytes: number,
    private readonly framing: Framing,
  ) {}

  get isEmpty(): boolean {
    return this.length === 0;
  }

  get isFull(): boolean {
    return this.length >= this.mostBytes || this.starts.length >= PART_POSITIONS;
  }

  /** The event that comes next is wanted by nobody. */
  pass(): void {
    if (this.length === 0) this.first++;
    else this.starts.push(this.length);
  }

  /** Adds the message of the event that comes next. */
  add(message: Message): void {
    const { length } = this;
    const most = length + mostFramedBytes(message);
    if (most > this.bytes.length) this.grow(most);
    this.starts.push(length);
    this.length = writeFramed(this.framing, message, this.bytes, length);
  }

  /** Hands the feed the message that was added last. */
  give(feed: WindowedFeed): void {
    const start = this.starts.at(-1) ?? 0;
    const end = this.length;
    feed.outstanding += end - start;
    if (feed.part === this && this.ranges[feed.range + 2] === start) {
      this.ranges[feed.range + 2] = end;
      return;
    }
    this.open(feed, start);
  }

  /** Hands the feed every message from its position on. */
  giveAll(feed: WindowedFeed): void {
    const at = feed.position - this.first;
    const start = at <= 0 ? 0 : (this.starts[at] ?? this.length);
    if (start === this.length) return;
    feed.outstanding += this.length - start;
    this.open(feed, start);
  }

  /** What is handed out; undefined where there is nothing. The part is of no more use, and keeps no memory. */
  seal(): FeedPart | undefined {
    const { bytes, length, ranges } = this;
    this.bytes = nothing;
    this.starts = [];
    this.ranges = [];
    if (ranges.length === 0) return undefined;
    return { bytes: Uint8Array.prototype.slice.call(bytes, 0, length), ranges: Uint32Array.from(ranges) };
  }

  private open(feed: WindowedFeed, start: number): void {
    feed.part = this;
    feed.range = this.ranges.length;
    this.ranges.push(feed.id, start, this.length);
  }

  private grow(least: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(least, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
