/**
 * All streams of one shard: folds its log once for those that are told live, and again, from where they are, for those that have been away.
 *
 * Owns the readers, and what has not been handed out yet.
 *
 * 1. A reader is told every message that it wants, once, in order, or receives an error and no more.
 * 2. A reader is handed no more than its window and one part beyond what its connection has taken. One that lacks what is no longer kept
 *    receives the error TOO_SLOW.
 * 3. Who comes is told what was durable by then.
 * 4. One round is under way at a time. While much waits to be handed out, the log is followed no further.
 * 5. Some time after the last reader has left, all is forgotten: nothing is folded for nobody.
 */
import { StreamFold } from '../../../projections/streams/stream-fold.js';
import type { FeedItem, Hub, TakeRound } from '../feeds/feed-source.js';
import { WorkSlices } from '../feeds/hub/work-slices.js';
import { Arrivals } from './arrivals.js';
import type { FoldedLog } from './catch-up.js';
import { tellDay } from './day-window.js';
import { LiveFold } from './live-fold.js';
import { Returning } from './returning.js';
import { type StreamBounds, streamBounds } from './stream-bounds.js';
import { StreamReader } from './stream-reader.js';
import type { StreamWish } from './stream-source.js';
import type { Topic } from './topics/topic.js';

/** What a reader lacks is no longer kept. */
class TooSlowError extends Error {
  readonly code = 'TOO_SLOW';
}

export class StreamHub implements Hub<StreamWish> {
  private readonly readers = new Map<number, StreamReader>();
  private readonly arrivals: Arrivals;
  private readonly slices = new WorkSlices();
  private readonly returning: Returning;
  private following: AbortController | undefined;
  private live: LiveFold | undefined;
  /** The one that is being told what the last day came to, or was. */
  private opening: LiveFold | undefined;
  private readonly news = new Set<Topic>();
  /** In characters. */
  private unhanded = 0;
  private readonly outbox: FeedItem[] = [];
  private isUnderWay = false;
  private handing: NodeJS.Immediate | undefined;
  private ticking: NodeJS.Timeout | undefined;
  private ticks = 0;
  private emptySinceMs: number | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly folded: FoldedLog,
    private readonly takeRound: TakeRound,
    private readonly bounds: StreamBounds = streamBounds,
  ) {
    this.arrivals = new Arrivals({
      head: () => folded.log.head(),
      onKnown: () => this.placeArrived(),
      onFailed: (readers, error) => this.fail(readers, error),
    });
    this.returning = new Returning({
      ...folded,
      ...{ slices: this.slices, partBytes: bounds.partBytes, catchUps: bounds.catchUps },
      onNews: () => this.handOutSoon(),
      onFailed: (readers, error) => this.fail(readers, error),
    });
  }

  subscribe(id: number, wish: StreamWish): void {
    const reader = new StreamReader(id, wish, this.bounds.windowBytes);
    this.readers.set(id, reader);
    this.begin();
    this.arrivals.add(reader);
  }

  /** For one that is not known any more it does nothing; so does `credit`. */
  unsubscribe(id: number): void {
    const reader = this.readers.get(id);
    if (reader === undefined) return;
    this.forget(reader);
  }

  /** So many bytes of what readers were handed have been taken by their connections: pairs of a reader's number and bytes. */
  credit(credits: readonly number[]): void {
    for (let at = 0; at < credits.length; at += 2) this.creditOne(credits[at] ?? 0, credits[at + 1] ?? 0);
  }

  /** The last round has been passed on. */
  acknowledge(): void {
    this.isUnderWay = false;
    this.handOut();
  }

  /** Ends all streams, without a word. */
  end(): void {
    for (const reader of [...this.readers.values()]) this.forget(reader);
    this.stop();
    clearImmediate(this.handing);
  }

  private creditOne(id: number, bytes: number): void {
    const reader = this.readers.get(id);
    if (reader === undefined) return;
    const hadRoom = reader.hasRoom();
    reader.outstanding -= bytes;
    if (hadRoom || !reader.hasRoom()) return;
    if (this.returning.takeFull(reader)) this.place(reader);
    else reader.topic?.hasRoomAgain(reader);
  }

  private begin(): void {
    this.emptySinceMs = undefined;
    if (this.following !== undefined) return;
    this.following = new AbortController();
    this.ticking = setInterval(() => this.tick(), this.bounds.tickMs).unref();
    const { signal } = this.following;
    this.follow(signal).catch((error: unknown) => {
      if (!signal.aborted) this.failAll(error);
    });
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { folded, slices } = this;
    const { log, start, shownShard, clock } = folded;
    const isOver = (): boolean => signal.aborted;
    const fold = new StreamFold(await start(await log.head()), shownShard);
    if (isOver()) return;
    const live = new LiveFold(fold, this.bounds, clock, (topic, characters) => this.onNews(topic, characters));
    this.live = live;
    this.placeArrived();
    for await (const batch of log.follow(fold.foldedTo, signal)) {
      while (this.unhanded > this.bounds.mostWaiting && !isOver()) await this.change();
      await slices.turn();
      if (isOver()) return;
      live.apply(batch);
      this.placeArrived();
    }
    if (!isOver()) throw new Error('the log came to an end');
  }

  private placeArrived(): void {
    const { live } = this;
    for (const reader of live === undefined ? [] : this.arrivals.take(live.foldedTo)) this.place(reader);
  }

  private place(reader: StreamReader): void {
    const { live } = this;
    try {
      if (live?.welcome(reader) === false) this.returning.add(reader);
      if (live?.lacksMinutes === true) this.openWindow(live);
    } catch (error) {
      this.fail([reader], error);
    }
  }

  private openWindow(live: LiveFold): void {
    const { following } = this;
    if (this.opening === live || following === undefined) return;
    this.opening = live;
    tellDay(this.folded, live, this.slices, following.signal).catch((error: unknown) => {
      if (!following.signal.aborted) this.failAll(error);
    });
  }

  private onNews(topic: Topic, characters: number): void {
    this.news.add(topic);
    this.unhanded += characters;
    this.handOutSoon();
  }

  private tick(): void {
    this.live?.tick();
    if (++this.ticks % this.bounds.ticksOfSecond !== 0) return;
    const nowMs = performance.now();
    this.live?.second(nowMs);
    if (this.readers.size > 0) return;
    this.emptySinceMs ??= nowMs;
    if (nowMs - this.emptySinceMs >= this.bounds.lingerMs) this.stop();
  }

  private handOutSoon(): void {
    this.handing ??= setImmediate(() => {
      this.handing = undefined;
      this.slices.begin();
      this.returning.start();
      this.handOut();
    });
  }

  private handOut(): void {
    if (this.isUnderWay) return;
    const round = [...this.returning.seal(), ...this.outbox.splice(0)];
    for (const topic of this.news) {
      round.push(...topic.hand(this.bounds.partBytes));
      const late = topic.trim(this.live?.mostKept ?? 0);
      if (late.length > 0) round.push(this.failure(late, new TooSlowError('what a reader lacks is no longer kept')));
    }
    this.news.clear();
    this.unhanded = 0;
    this.wake();
    if (round.length === 0) return;
    this.isUnderWay = true;
    this.takeRound(round);
  }

  private fail(readers: readonly StreamReader[], error: unknown): void {
    const known = readers.filter((reader) => this.isKnown(reader));
    if (known.length === 0) return;
    this.outbox.push(this.failure(known, error));
    this.handOutSoon();
  }

  private failure(readers: readonly StreamReader[], error: unknown): FeedItem {
    for (const reader of readers) this.forget(reader);
    return { ids: readers.map(({ id }) => id), error };
  }

  private failAll(error: unknown): void {
    this.fail([...this.readers.values()], error);
    this.stop();
  }

  private isKnown({ id }: StreamReader): boolean {
    return this.readers.has(id);
  }

  private forget(reader: StreamReader): void {
    this.readers.delete(reader.id);
    this.arrivals.delete(reader);
    this.returning.delete(reader);
    reader.topic?.leave(reader);
  }

  /** Forgets what was folded. */
  private stop(): void {
    this.following?.abort();
    this.following = undefined;
    clearInterval(this.ticking);
    this.live = undefined;
    this.news.clear();
    this.wake();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}
