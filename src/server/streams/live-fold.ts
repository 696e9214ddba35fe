/**
 * What is told live: the topics that somebody wants, made of one fold of the log. Owns the topics.
 *
 * 1. Books at rate `batch` are told after each batch that changed them, those at `100ms` at each tick.
 * 2. A topic that nobody wants goes on for a while, for who comes back, and is gone then.
 */
import type { CandleTable } from '../../../projections/tape/candles.js';
import type { StreamedInstrument, StreamFold } from '../../../projections/streams/stream-fold.js';
import { type EventBatch, foldBatch } from '../../events/fold.js';
import type { StreamBounds } from './stream-bounds.js';
import type { StreamReader } from './stream-reader.js';
import type { StreamWish } from './stream-source.js';
import { BookTopic } from './topics/book-topic.js';
import { EventTopic } from './topics/event-topic.js';
import { TickerTopic } from './topics/ticker-topic.js';
import type { Topic } from './topics/topic.js';

/** So many topics are told a second how far they are. */
const TOLD_A_SECOND = 1_000;

export class LiveFold {
  private readonly topics = new Map<string, Topic>();
  private readonly paced = new Set<BookTopic>();
  /** Books whose followers may have to be told something at the end of the batch, and at the tick. */
  private readonly touched = new Set<BookTopic>();
  private readonly touchedPaced = new Set<BookTopic>();
  private seconds = 0;

  constructor(
    private readonly fold: StreamFold,
    private readonly bounds: StreamBounds,
    private readonly clock: () => number,
    private readonly onNews: (topic: Topic, characters: number) => void,
  ) {}

  /** All events before this position are told. */
  get foldedTo(): number {
    return this.fold.foldedTo;
  }

  /** Whether somebody wants to know what the last day came to, and it is not known. */
  get lacksMinutes(): boolean {
    if (this.fold.minutes !== undefined) return false;
    for (const topic of this.topics.values()) if (topic instanceof TickerTopic) return true;
    return false;
  }

  /** From now on it knows what the minutes before came to. */
  goOnWith(minutes: CandleTable): void {
    this.fold.minutes = minutes;
    for (const topic of this.topics.values()) topic.second();
  }

  apply(batch: EventBatch): void {
    foldBatch(batch, this.fold, this.fold.foldedTo);
    for (const topic of this.touched) topic.tell();
    this.touched.clear();
  }

  /** False for a reader that wants what was said before this topic began: it is expected. */
  welcome(reader: StreamReader): boolean {
    const key = keyOf(reader.wish);
    const topic = this.topics.get(key) ?? this.begin(key, reader.wish);
    topic.idleSinceMs = undefined;
    reader.topic = topic;
    return topic.welcome(reader);
  }

  tick(): void {
    for (const topic of this.touchedPaced) topic.tell();
    this.touchedPaced.clear();
    for (const topic of this.paced) topic.greet();
  }

  /** To be called once a second. */
  second(nowMs: number): void {
    this.seconds++;
    const each = Math.ceil(this.topics.size / TOLD_A_SECOND);
    let index = 0;
    for (const [key, topic] of this.topics) {
      if ((this.seconds + index++) % each === 0) topic.second();
      if (topic.isWanted) continue;
      topic.idleSinceMs ??= nowMs;
      if (nowMs - topic.idleSinceMs >= this.bounds.lingerMs) this.drop(key, topic);
    }
  }

  /** How much each topic may keep. */
  get mostKept(): number {
    const { mostKept, mostKeptOfTopic, leastKeptOfTopic } = this.bounds;
    return Math.min(mostKeptOfTopic, Math.max(leastKeptOfTopic, mostKept / this.topics.size));
  }

  get all(): Iterable<Topic> {
    return this.topics.values();
  }

  private begin(key: string, wish: StreamWish): Topic {
    const topic = this.topicOf(wish);
    this.topics.set(key, topic);
    return topic;
  }

  private topicOf(wish: StreamWish): Topic {
    const { fold, onNews } = this;
    if (wish.channel === 'trades' || wish.channel === 'own') return new EventTopic(fold, wish, onNews);
    const instrument = fold.directory.instrumentBySymbol(wish.instrument ?? '');
    if (instrument === undefined) throw new Error(`${wish.instrument ?? ''} is not listed in this log`);
    return wish.channel === 'ticker'
      ? new TickerTopic(fold, instrument, this.clock, onNews)
      : this.bookTopic(instrument, wish.rate === '100ms');
  }

  private bookTopic(instrument: StreamedInstrument, isPaced: boolean): BookTopic {
    const { fold, onNews } = this;
    const { touched, touchedPaced } = this;
    const topic = new BookTopic(fold, instrument, {
      ...{ partBytes: this.bounds.partBytes, isPaced, onNews },
      onTouched: (book) => void (isPaced ? touchedPaced : touched).add(book),
    });
    if (isPaced) this.paced.add(topic);
    return topic;
  }

  private drop(key: string, topic: Topic): void {
    topic.end();
    this.topics.delete(key);
    if (!(topic instanceof BookTopic)) return;
    for (const books of [this.paced, this.touched, this.touchedPaced]) books.delete(topic);
  }
}

function keyOf({ channel, instrument, participant, seesAll, rate }: StreamWish): string {
  return JSON.stringify([channel, instrument, participant, seesAll, rate ?? 'batch']);
}
