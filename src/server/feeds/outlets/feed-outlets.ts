/**
 * The connections of all feeds. Owns what they were handed and have not taken, and shares out the thread's time among them.
 *
 * 1. What a feed is handed is written in the order in which it came, and credited once its connection has taken it.
 * 2. It works for TURN_MS in one turn of the event loop, and goes on, by turns, in the next.
 * 3. A round is acknowledged when all of it has been written or waits for its connection, and then only after a rest that is REST times
 *    as long as the work took: with many feeds rounds become larger and fewer, and the rest of the server has its time.
 * 4. A feed whose connection has taken nothing for so long is cut; so are those that have stood longest when all together hold more than
 *    they may. They can come back with the last id that they saw.
 * 5. A feed ends when it has got all that it asked for, when its key is taken back, when the server stops, and when the log cannot be followed.
 */
import type { KeyInUse } from '../../doors/access.js';
import type { ServerContext } from '../../context.js';
import { type Problem, problem } from '../../../api/problem.js';
import { ByKey } from './by-key.js';
import type { FeedOutput } from './feed-output.js';
import type { FeedItem, FeedPart, FeedReceiver, FeedSource, FeedWish } from '../feed-source.js';
import { HeldBytes } from './held-bytes.js';
import { hubBounds } from '../hub/hub-bounds.js';
import { problemOf } from './last-words.js';
import { type LastWords, Outlet } from './outlet.js';

export interface FeedOutletsOptions<Wish> extends Pick<ServerContext, 'metrics' | 'logger' | 'lifecycle'> {
  readonly source: FeedSource<Wish>;
  readonly heartbeatMs: number;
  /** How long a connection may take nothing of what was written to it. */
  readonly stallMs: number;
  /** What all feeds together may hold. */
  readonly maxHeldBytes?: number | undefined;
}

export interface NewFeed<Wish> {
  readonly output: FeedOutput;
  readonly wish: Wish;
  readonly key: KeyInUse;
  /** Called when it is over. */
  readonly release: () => void;
}

export interface OpenFeed {
  readonly ok: true;
  /** Ends it from this side, while its connection stays. Once is enough. */
  readonly end: () => void;
}

type CutReason = 'stalled' | 'budget';

const MAX_HELD_BYTES = 1 << 26;
const TURN_MS = 1;
const REST = 4;
const LEAST_REST_MS = 1;
const LONGEST_REST_MS = 250;
/** What a connection has taken is credited once it is so much: many take little at a time. */
const CREDIT_BYTES = hubBounds.windowBytes / 4;
const WATCH_MS = 1_000;

export class FeedOutlets<Wish extends Pick<FeedWish, 'shard'> = FeedWish> implements FeedReceiver {
  private readonly outlets = new Map<number, Outlet>();
  private readonly held = new HeldBytes();
  /** Those that have something to write and are not writing. */
  private readonly ready = new Set<Outlet>();
  /** Those that may say that they are alive, when nothing else is to be done. */
  private readonly beats = new Set<Outlet>();
  /** Those that wait for their connection, the one that has done so longest first. */
  private readonly standing = new Set<Outlet>();
  private readonly owing = new Set<Outlet>();
  private readonly byKey = new ByKey<Outlet>((outlets) => this.revoke(outlets));
  /** Shards whose last round is not acknowledged. */
  private readonly rounds = new Set<number>();
  private nextTurn: NodeJS.Immediate | undefined;
  private rest: NodeJS.Timeout | undefined;
  private spentMs = 0;
  private ids = 0;
  private timers: readonly NodeJS.Timeout[] = [];

  constructor(private readonly options: FeedOutletsOptions<Wish>) {
    options.source.connect(this);
    options.lifecycle.stopping.addEventListener('abort', () => this.stop(), { once: true });
  }

  /** Begins a feed whose head the caller writes before it does anything else, or says why there can be none. */
  open({ output, wish, key, release }: NewFeed<Wish>): OpenFeed | Problem {
    const { source, metrics, lifecycle } = this.options;
    if (output.isGone) {
      release(); // the client has left meanwhile
      return { ok: true, end: () => undefined };
    }
    const id = ++this.ids;
    const refusal = source.subscribe(id, wish);
    if (refusal !== undefined) return refusal;
    const { shard } = wish;
    const outlet = new Outlet({ id, shard, output, held: this.held, onTaken: (taken) => this.onTaken(taken) });
    this.outlets.set(id, outlet);
    const leave = this.byKey.join(key, outlet);
    metrics.feeds.inc();
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      this.forget(outlet);
      leave();
      metrics.feeds.dec();
      release();
    };
    output.onceGone(end);
    if (this.timers.length === 0) this.startTimers();
    if (key.revoked.aborted) this.revoke([outlet]);
    if (lifecycle.stopping.aborted) setImmediate(() => this.stop());
    return { ok: true, end };
  }

  receive(shard: number, round: readonly FeedItem[]): void {
    this.rounds.add(shard);
    for (const item of round) {
      if ('error' in item) this.fail(item.ids, item.error);
      else if ('ended' in item) for (const id of item.ended) this.endWith(this.outlets.get(id), 'end');
      else this.take(item);
    }
    this.keepBudget();
    this.turnSoon();
  }

  lost(error: unknown): void {
    this.rounds.clear();
    if (this.outlets.size > 0) this.fail([...this.outlets.keys()], error);
  }

  private take({ bytes, ranges }: FeedPart): void {
    const pieceOf = this.held.piecesOf(bytes);
    for (let at = 0; at < ranges.length; at += 3) {
      const outlet = this.outlets.get(ranges[at] ?? 0);
      if (outlet === undefined || outlet.isOver) continue;
      outlet.add(pieceOf(ranges[at + 1] ?? 0, ranges[at + 2] ?? 0));
      this.makeReady(outlet);
    }
  }

  private fail(ids: readonly number[], error: unknown): void {
    this.options.logger.error({ err: error, feeds: ids.length }, 'a feed of events failed');
    const why = problemOf(error);
    for (const id of ids) this.endWith(this.outlets.get(id), why);
  }

  private revoke(outlets: Iterable<Outlet>): void {
    const why = problem('UNAUTHENTICATED', 'this key has been taken back');
    for (const outlet of outlets) {
      this.options.source.unsubscribe(outlet.shard, outlet.id);
      outlet.drop();
      this.endWith(outlet, why);
    }
  }

  private endWith(outlet: Outlet | undefined, why: LastWords): void {
    if (outlet === undefined || outlet.isOver) return;
    outlet.endWith(why);
    this.makeReady(outlet);
    this.turnSoon();
  }

  private stop(): void {
    for (const outlet of this.outlets.values()) {
      this.forget(outlet);
      outlet.end();
    }
  }

  private makeReady(outlet: Outlet): void {
    if (outlet.writingSinceMs === undefined) this.ready.add(outlet);
  }

  private onTaken(outlet: Outlet): void {
    this.standing.delete(outlet);
    if (!this.outlets.has(outlet.id)) return;
    if (outlet.hasMore) this.ready.add(outlet);
    if (outlet.owed >= CREDIT_BYTES) this.owing.add(outlet);
    if (outlet.hasMore || this.owing.size > 0) this.turnSoon();
  }

  private turnSoon(): void {
    this.nextTurn ??= setImmediate(() => {
      this.nextTurn = undefined;
      this.turn();
    });
  }

  /** Invariant 2. */
  private turn(): void {
    const fromMs = performance.now();
    const isOver = (): boolean => performance.now() - fromMs > TURN_MS;
    for (const outlet of this.ready) {
      this.ready.delete(outlet);
      outlet.write();
      this.watch(outlet);
      if (isOver()) break;
    }
    for (const outlet of this.beats) {
      if (isOver()) break;
      this.beats.delete(outlet);
      outlet.beat();
      this.watch(outlet);
    }
    this.spentMs += performance.now() - fromMs;
    this.giveCredit();
    if (this.ready.size === 0) this.acknowledgeLater();
    if (this.ready.size + this.beats.size > 0) this.turnSoon();
  }

  private watch(outlet: Outlet): void {
    if (outlet.writingSinceMs !== undefined) this.standing.add(outlet);
  }

  private giveCredit(): void {
    if (this.owing.size === 0) return;
    const credits = new Map<number, number[]>();
    for (const outlet of this.owing) {
      const { shard, id, owed } = outlet;
      const ofShard = credits.get(shard);
      if (ofShard === undefined) credits.set(shard, [id, owed]);
      else ofShard.push(id, owed);
      outlet.owed = 0;
    }
    this.owing.clear();
    for (const [shard, ofShard] of credits) this.options.source.credit(shard, ofShard);
  }

  /** Invariant 3. */
  private acknowledgeLater(): void {
    if (this.rounds.size === 0 || this.rest !== undefined) return;
    const restMs = Math.min(REST * this.spentMs, LONGEST_REST_MS);
    this.spentMs = 0;
    if (restMs < LEAST_REST_MS) this.acknowledge();
    else this.rest = setTimeout(() => this.acknowledge(), restMs);
  }

  private acknowledge(): void {
    this.rest = undefined;
    const shards = [...this.rounds];
    this.rounds.clear();
    for (const shard of shards) this.options.source.acknowledge(shard);
  }

  private startTimers(): void {
    const { heartbeatMs } = this.options;
    const beat = (): void => {
      for (const outlet of this.outlets.values()) if (outlet.writingSinceMs === undefined) this.beats.add(outlet);
      this.turnSoon();
    };
    this.timers = [setInterval(beat, heartbeatMs).unref(), setInterval(() => this.cutStalled(), WATCH_MS).unref()];
  }

  /** Invariant 4. */
  private cutStalled(): void {
    const { stallMs } = this.options;
    const untilMs = performance.now() - stallMs;
    const isStalled = ({ writingSinceMs = Infinity }: Outlet): boolean => writingSinceMs <= untilMs;
    this.cut('stalled', isStalled);
  }

  private keepBudget(): void {
    const { maxHeldBytes = MAX_HELD_BYTES } = this.options;
    this.cut('budget', () => this.held.bytes > maxHeldBytes);
  }

  private cut(reason: CutReason, isToGo: (outlet: Outlet) => boolean): void {
    let feeds = 0;
    for (const outlet of this.standing) {
      if (!isToGo(outlet)) break;
      this.forget(outlet);
      outlet.cut();
      feeds++;
    }
    if (feeds === 0) return;
    this.options.metrics.feedsCut.inc({ reason }, feeds);
    this.options.logger.warn({ feeds, reason }, 'feeds were cut whose readers take nothing');
  }

  private forget(outlet: Outlet): void {
    if (!this.outlets.delete(outlet.id)) return;
    outlet.forget();
    for (const outlets of [this.ready, this.beats, this.standing, this.owing]) outlets.delete(outlet);
    this.options.source.unsubscribe(outlet.shard, outlet.id);
    if (this.outlets.size > 0) return;
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
  }
}
