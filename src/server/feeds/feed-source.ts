/**
 * Where the feeds of a server get their events: one source for all of them, which reads each log once, in whatever thread.
 *
 * What a source hands out comes in rounds, one a shard at a time: the next one is made while this one is written, so that it is the
 * larger the longer that takes.
 */
import type { Problem } from '../../api/problem.js';

/**
 * In what a message is wrapped, so that a part can be written as it stands. `sse`: a server-sent event. `websocket`: one unmasked text
 * frame (RFC 6455, 5.2) that holds one JSON object; whole frames, which may go to the socket between others.
 */
export type Framing = 'sse' | 'websocket';

/** What one feed of events asks for. */
export interface FeedWish {
  readonly shard: number;
  readonly framing: Framing;
  /** Position of the first event that may be sent. */
  readonly from: number;
  /** The feed ends before this position, which the log has reached; undefined: it goes on. */
  readonly until?: number | undefined;
  /** Undefined: all streams, all types. */
  readonly stream: string | undefined;
  readonly types: ReadonlySet<string> | undefined;
}

/** Messages for several feeds, encoded and framed once. */
export interface FeedPart {
  /** Whole messages, one after the other. */
  readonly bytes: Uint8Array;
  /** Three numbers for each range: the feed's number, and where in the bytes what it gets begins and ends. */
  readonly ranges: Uint32Array;
}

/** These feeds get no more, and are to be told why. */
export interface FeedFailure {
  readonly ids: readonly number[];
  /** A log's error has a `code`. */
  readonly error: unknown;
}

/** These feeds have got all that they asked for. */
export interface FeedEnd {
  readonly ended: readonly number[];
}

/** In the order in which it is to be sent. */
export type FeedItem = FeedPart | FeedFailure | FeedEnd;

export interface FeedReceiver {
  /** A round. The source makes the next one of this shard after `acknowledge`. */
  receive(shard: number, round: readonly FeedItem[]): void;
  /** The source itself has failed: what it was asked for is forgotten, and no feed gets any more. */
  lost(error: unknown): void;
}

export interface FeedSource<Wish = FeedWish> {
  /** Who gets what is read. Called once, first. */
  connect(receiver: FeedReceiver): void;
  /** Begins a feed under a number that no other has had. A problem where nothing can be followed now. */
  subscribe(id: number, wish: Wish): Problem | undefined;
  unsubscribe(shard: number, id: number): void;
  /** So many bytes of what the feeds were handed have left for good: pairs of a feed's number and bytes. */
  credit(shard: number, credits: readonly number[]): void;
  /** The last round has been passed on, as far as connections take it. */
  acknowledge(shard: number): void;
}

/** Is given one round of a hub after the other; the next one comes after `acknowledge`. */
export type TakeRound = (round: readonly FeedItem[]) => void;

/** All feeds of one shard: what a source has for each. */
export interface Hub<Wish> {
  subscribe(id: number, wish: Wish): void;
  /** For one that is not known any more it does nothing; so does `credit`. */
  unsubscribe(id: number): void;
  credit(credits: readonly number[]): void;
  /** The last round has been passed on. */
  acknowledge(): void;
  /** Ends all feeds, without a word. */
  end(): void;
}
