/**
 * What several readers are told alike: one book at one rate, the trades or the ticker of one instrument, what happens to one participant.
 * Owns the latest messages, encoded once, and the readers that are told live.
 *
 * 1. A reader is told every message from its own position on, in order, once; or it is among those that `trim` returns, and told no more.
 * 2. What is kept beyond what readers with room were handed is bounded in bytes.
 * 3. All messages about events from `floor` on are kept, or were told to all who wanted them.
 */
import type { StreamMessage } from '../../../../projections/streams/messages.js';
import type { FeedPart, Framing } from '../../feeds/feed-source.js';
import type { Message } from '../../feeds/hub/framing.js';
import { OpenPart } from '../../feeds/hub/open-part.js';
import type { StreamReader } from '../stream-reader.js';

export const framings: readonly Framing[] = ['sse', 'websocket'];

/** There is something to hand out: so many characters more. */
export type OnNews = (topic: Topic, characters: number) => void;

export abstract class Topic {
  readonly readers = new Set<StreamReader>();
  /** Those that want to be told live, once they have come so far. */
  readonly expected = new Set<StreamReader>();
  private readonly kept: Message[] = [];
  /** Number of the first one that is kept. */
  private first = 0;
  private keptCharacters = 0;
  /** Since when nobody wants it; undefined while somebody does. */
  idleSinceMs: number | undefined;

  /** `floorPosition`: of the log. */
  constructor(
    private floorPosition: number,
    private readonly onNews: OnNews,
  ) {}

  get floor(): number {
    return this.floorPosition;
  }

  /** Whether anybody wants it. */
  get isWanted(): boolean {
    return this.readers.size + this.expected.size > 0;
  }

  /** Position of the last message; -1 where none is kept. */
  get lastPosition(): number {
    return this.kept.at(-1)?.position ?? -1;
  }

  /** Takes a reader in. False for one that wants what was said before: it is expected. */
  abstract welcome(reader: StreamReader): boolean;

  /** A second is over. */
  second(): void {
    // Most say what they have to say when it happens.
  }

  /** Begins to tell a reader, of what is about events from its `from` on. */
  join(reader: StreamReader): void {
    const { kept } = this;
    let index = kept.length;
    while (index > 0 && (kept[index - 1]?.position ?? -1) >= reader.from) index--;
    this.admit(reader, this.first + index);
  }

  leave(reader: StreamReader): void {
    this.readers.delete(reader);
    this.expected.delete(reader);
  }

  hasRoomAgain(reader: StreamReader): void {
    if (this.readers.has(reader)) this.onNews(this, 0);
  }

  /** Parts for all who have room and lack something. */
  hand(partBytes: number): FeedPart[] {
    return framings.flatMap((framing) => this.handFramed(framing, partBytes));
  }

  /** Forgets what is too much. Returns the readers that lack some of it, and have left. */
  trim(mostCharacters: number): readonly StreamReader[] {
    if (this.keptCharacters <= mostCharacters) return [];
    let gone = 0;
    while (this.keptCharacters > mostCharacters && gone < this.kept.length) {
      const { json, position } = this.kept[gone++] as Message; // the index is in range
      this.keptCharacters -= json.length;
      this.floorPosition = position + 1;
    }
    this.kept.splice(0, gone);
    this.first += gone;
    const late = [...this.readers].filter(({ position }) => position < this.first);
    for (const reader of late) this.leave(reader);
    return late;
  }

  /** Ends what it makes of events. */
  abstract end(): void;

  /** Says something to all. `position`: where a reader is that has it. */
  protected say(message: StreamMessage, position = message.position): void {
    const json = JSON.stringify(message);
    this.kept.push({ position, type: message.type, json });
    this.keptCharacters += json.length;
    this.onNews(this, this.readers.size > 0 ? json.length : 0);
  }

  /** The number that the next message gets. */
  protected get next(): number {
    return this.first + this.kept.length;
  }

  protected get hasKept(): boolean {
    return this.kept.length > 0;
  }

  protected admit(reader: StreamReader, position: number): void {
    this.expected.delete(reader);
    this.readers.add(reader);
    reader.position = position;
    if (position < this.next) this.onNews(this, 0);
  }

  private handFramed(framing: Framing, partBytes: number): FeedPart[] {
    const parts: FeedPart[] = [];
    for (;;) {
      const lacking = [...this.readers].filter((reader) => this.lacks(reader, framing));
      if (lacking.length === 0) return parts;
      const from = lacking.reduce((least, { position }) => Math.min(least, position), this.next);
      const part = new OpenPart(from, partBytes, framing);
      let until = from;
      while (until < this.next && !part.isFull) part.add(this.kept[until++ - this.first] as Message); // all since are kept
      for (const reader of lacking) {
        if (reader.position >= until) continue;
        part.giveAll(reader);
        reader.position = until;
      }
      const sealed = part.seal();
      if (sealed !== undefined) parts.push(sealed);
    }
  }

  private lacks(reader: StreamReader, framing: Framing): boolean {
    return reader.framing === framing && reader.hasRoom() && reader.position < this.next;
  }
}
