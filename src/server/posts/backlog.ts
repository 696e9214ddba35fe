import type { ShardStatus } from '../../exchange/commands.js';
import { lagOf, type ShardStores } from '../../../projections/store/reading/shard-stores.js';

export interface BacklogOptions {
  /** How the shards stand that are written here. */
  readonly shards: () => readonly Pick<ShardStatus, 'shard' | 'durable'>[];
  readonly stores: Pick<ShardStores, 'shards' | 'caughtUpTo' | 'onProgress' | 'troubles'>;
  /** How many durable events the projections may lack. */
  readonly maxLagEvents: number;
  readonly now?: () => number;
}

/** Unless configured otherwise: a few seconds of folding, on a machine that has much else to do. */
export const MAX_LAG_EVENTS = 250_000;

/** Of the bound: what a reader who waits can be asked to wait for. */
const READER_SHARE = 0.2;
/** After a read so recent, another is likely. */
const INTEREST_MS = 10_000;
/** What was found out holds for so long: it is asked for again and again. */
const FRESH_MS = 5;
/** How long bulk is held at a time, and how long it then goes on at least: it is slowed, and not stopped. */
const MOST_HELD_MS = 2_000;
const LEAST_FREE_MS = 100;

/**
 * How far the projections are behind what is written here, and whether bulk posts must wait for them.
 *
 * 1. Bulk is held while a read is under way and the projections lack a fifth of the bound or more, and for ten seconds after it while they
 *    lack more than the bound. Where nobody reads, nobody is slowed: the projections catch up when somebody does.
 * 2. A store that does not keep up for a reason of its own holds nobody: waiting would not help it. Nor is any post held permanently.
 * 3. Asking costs a comparison of two numbers that are known here.
 */
export class Backlog {
  readonly maxLagEvents: number;
  private readonly now: () => number;
  private reads = 0;
  private readMs = Number.NEGATIVE_INFINITY;
  private checkedMs = Number.NEGATIVE_INFINITY;
  private isHeld = false;
  /** When it was held, or let go. */
  private changedMs = Number.NEGATIVE_INFINITY;
  private release: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(private readonly options: BacklogOptions) {
    this.maxLagEvents = options.maxLagEvents;
    this.now = options.now ?? (() => performance.now());
    options.stores.onProgress(() => {
      if (this.release !== undefined) this.look();
    });
  }

  /** The most that a store lacks of what is durable of a shard that is written here. Those that are in trouble do not count. */
  get lagEvents(): number {
    const { stores, shards } = this.options;
    const { troubles } = stores;
    let most = 0;
    for (const { shard, durable } of shards()) {
      if (troubles.has(shard) || !stores.shards.includes(shard)) continue;
      most = Math.max(most, lagOf(stores, shard, durable));
    }
    return most;
  }

  /** Whether bulk posts are to wait for `released` before going on. */
  isBulkHeld(): boolean {
    if (this.now() - this.checkedMs >= FRESH_MS) this.look();
    return this.isHeld;
  }

  /** Resolves when bulk may go on; at once, when it may. */
  released(): Promise<void> {
    if (!this.isBulkHeld()) return Promise.resolve();
    if (this.release === undefined) {
      let resolve = (): void => undefined;
      const promise = new Promise<void>((done) => (resolve = done));
      this.release = { promise, resolve };
      this.lookAgain();
    }
    return this.release.promise;
  }

  /** Counts a read for as long as it is under way. */
  async whileRead<Value>(read: () => Promise<Value>): Promise<Value> {
    this.reads++;
    try {
      return await read();
    } finally {
      this.reads--;
      this.readMs = this.now();
    }
  }

  private look(): void {
    const nowMs = this.now();
    this.checkedMs = nowMs;
    const isDue = this.mustHold(nowMs);
    if (isDue !== this.isHeld) this.changedMs = nowMs;
    this.isHeld = isDue;
    if (isDue) return;
    this.release?.resolve();
    this.release = undefined;
  }

  private mustHold(nowMs: number): boolean {
    const isRead = this.reads > 0 || nowMs - this.readMs < INTEREST_MS;
    if (!isRead) return false;
    const sinceMs = nowMs - this.changedMs;
    if (this.isHeld ? sinceMs >= MOST_HELD_MS : sinceMs < LEAST_FREE_MS) return false;
    return this.lagEvents > (this.reads > 0 ? READER_SHARE : 1) * this.maxLagEvents;
  }

  /** A hold always ends, whatever else happens. */
  private lookAgain(): void {
    setTimeout(() => {
      this.look();
      if (this.release !== undefined) this.lookAgain();
    }, LEAST_FREE_MS);
  }
}
