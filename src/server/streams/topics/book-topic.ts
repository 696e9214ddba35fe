import { BookGroup } from '../../../../projections/streams/book-group.js';
import type { StreamedInstrument, StreamFold } from '../../../../projections/streams/stream-fold.js';
import type { FeedPart } from '../../feeds/feed-source.js';
import type { Message } from '../../feeds/hub/framing.js';
import { OpenPart } from '../../feeds/hub/open-part.js';
import type { StreamReader } from '../stream-reader.js';
import { framings, type OnNews, Topic } from './topic.js';

export interface BookTopicOptions {
  readonly partBytes: number;
  /** It is told at ticks, and who comes is greeted at the next. */
  readonly isPaced: boolean;
  readonly onNews: OnNews;
  /** There may be something to `tell`. */
  readonly onTouched: (topic: BookTopic) => void;
}

/** One book at one rate. Who comes is greeted with a snapshot. All that it does it does between batches. */
export class BookTopic extends Topic {
  private readonly group: BookGroup;
  private greeting: Message | undefined;
  private readonly greetings: FeedPart[] = [];

  constructor(
    private readonly fold: StreamFold,
    private instrument: StreamedInstrument,
    private readonly options: BookTopicOptions,
  ) {
    super(fold.foldedTo, options.onNews);
    const onTouched = (): void => options.onTouched(this);
    this.group = new BookGroup(fold.track(instrument), instrument.phase, fold.foldedTo, onTouched);
  }

  welcome(reader: StreamReader): boolean {
    this.expected.add(reader);
    if (!this.options.isPaced) this.greet();
    return true;
  }

  /** Says what has changed since the last time. */
  tell(): void {
    // Its phase may have changed, and its terms.
    this.instrument = this.fold.directory.instrument(this.instrument.instrumentId) ?? this.instrument;
    const diff = this.group.diff(this.instrument, this.fold.foldedTo);
    if (diff === undefined) return;
    this.greeting = undefined;
    this.say(this.fold.placed(diff));
  }

  /** Sends the book to those who are expected. Only when nothing has changed that was not told. */
  greet(): void {
    const readers = [...this.expected];
    if (readers.length === 0) return;
    const greeting = (this.greeting ??= this.snapshot());
    for (const framing of framings) {
      const part = new OpenPart(0, this.options.partBytes, framing);
      part.add(greeting);
      for (const reader of readers) if (reader.framing === framing) part.give(reader);
      const sealed = part.seal();
      if (sealed !== undefined) this.greetings.push(sealed);
    }
    for (const reader of readers) this.admit(reader, this.next);
    this.options.onNews(this, greeting.json.length);
  }

  override hand(partBytes: number): FeedPart[] {
    return [...this.greetings.splice(0), ...super.hand(partBytes)];
  }

  end(): void {
    this.group.end();
    this.fold.untrack(this.group.book);
  }

  private snapshot(): Message {
    const message = this.fold.placed(this.group.snapshot(this.instrument));
    return { position: message.position, type: message.type, json: JSON.stringify(message) };
  }
}
