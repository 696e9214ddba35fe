import type { ExchangeLog } from '../exchange/exchange-log.js';
import type { ExchangePort } from '../exchange/port.js';
import { messageOf } from '../log/message-of.js';
import type { Logger } from '../resilience/logger.js';
import type { Scheduler } from '../exchange/shard/scheduler.js';
import { Backoff } from '../resilience/backoff.js';
import { withDeadline } from '../resilience/deadline.js';
import type { ShardReport } from './membership/registry.js';

/** An exchange of one shard, in this process. */
export interface LocalExchange extends ExchangePort {
  readonly log: Pick<ExchangeLog, 'onStopped' | 'verify' | 'durable' | 'onDurable'>;
}

export interface ShardSlotOptions {
  /** Opens a shard for writing, which fences every earlier writer. */
  readonly openShard: (shard: number) => Promise<LocalExchange>;
  readonly logger: Logger;
  readonly scheduler: Scheduler;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** Milliseconds since 1970, for people. */
  readonly clock: () => number;
  /** From 0 to 1: spreads what would otherwise happen everywhere at once. */
  readonly random: () => number;
  /** The first and the last wait before a shard whose log failed is opened again. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /** Whether opening the shard again can come to nothing else: its log is damaged, lost, or refused. It is not tried again then. */
  readonly isFinal: (error: unknown) => boolean;
  /** How long the closing of a log is waited for before the shard is given up all the same. */
  readonly closeMs: number;
}

/** The member that had the shard before, when that is gone. */
export interface Predecessor {
  readonly memberId: string;
  /** When it was seen last, on the local monotonic clock. */
  readonly seenAtMs: number;
}

/** How often a log is looked at that is served: somebody may have changed it from outside. */
const VERIFY_EACH_MS = 5_000;

/** After serving so long, a failure counts as the first one again. */
const STEADY_AFTER_MS = 10_000;
/** Every report has it, twice a second. */
const REASON_CHARACTERS = 500;

/**
 * One shard that this process holds: opens it, serves it, opens it again when its log fails, closes it.
 *
 * 1. There is one writer at a time: an exchange is closed, or given `closeMs` to close after it has stopped, before the next is opened.
 * 2. A shard that another has opened (`fenced`) is given up; what fails otherwise is tried again, later each time, for as long as it takes.
 *    What cannot get better is reported once, and stays: a refusal is remembered until the process ends, so that another may open the shard.
 * 3. `exchange` is set only while it takes commands.
 */
export class ShardSlot {
  state: 'opening' | 'serving' | 'stopped' | 'closing' | 'gone' = 'opening';
  /** The exchange while it serves. */
  exchange: LocalExchange | undefined;
  epoch = 0;
  /** Why it is stopped, or was when it was last opened in vain. */
  reason: string | undefined;
  wasFenced = false;
  /** What it could not be opened for, the last time. */
  failure: Error | undefined;
  /** Whether it is stopped permanently. */
  isFinal = false;
  /** How often it has been opened. */
  openings = 0;
  private position = 0;
  private sinceMs: number;
  private changedAtMs: number;
  private readonly backoff: Backoff;
  private retryAtMs = 0;
  private closing: Promise<void> = Promise.resolve();
  private isReleased = false;

  constructor(
    readonly shard: number,
    private readonly options: ShardSlotOptions,
    private readonly predecessor: Predecessor | undefined,
    private readonly changed: (slot: ShardSlot) => void,
  ) {
    const { firstRetryMs: firstMs, lastRetryMs: lastMs, random } = options;
    this.backoff = new Backoff({ firstMs, lastMs, random });
    this.sinceMs = options.clock();
    this.changedAtMs = options.now();
    this.open();
  }

  /** What the member reports of it; undefined once the shard is released. */
  report(): ShardReport | undefined {
    const { shard, epoch, sinceMs, state } = this;
    if (state === 'gone') return undefined;
    const position = this.exchange?.shards()[0]?.durable ?? this.position;
    const refused = this.isFinal ? { refused: true as const } : {};
    if (state !== 'closing') return { shard, epoch, sinceMs, position, state, ...this.shortReason(), ...refused };
    const isOverdue = this.options.now() - this.changedAtMs >= this.options.closeMs;
    return isOverdue ? undefined : { shard, epoch, sinceMs, position, state: 'stopped', ...refused };
  }

  private shortReason(): { readonly reason?: string } {
    return this.reason === undefined ? {} : { reason: this.reason.slice(0, REASON_CHARACTERS) };
  }

  /** Opens it again when it has stopped and the time has come. */
  reopenIfDue(): void {
    if (this.state !== 'stopped' || this.options.now() < this.retryAtMs) return;
    this.become('opening');
    void this.closing.then(() => this.open());
  }

  /**
   * Closes it, in order if it serves. One that is being opened is closed once it is open, and one that was refused permanently, only if it
   * `mustGo`.
   */
  release(mustGo: boolean): void {
    if (this.isFinal && !mustGo) return;
    if (this.state === 'opening') this.isReleased ||= mustGo;
    else if (this.state !== 'closing' && this.state !== 'gone') this.close();
  }

  private open(): void {
    this.options.openShard(this.shard).then(
      (exchange) => this.opened(exchange),
      (error: unknown) => this.fail(messageOf(error), error),
    );
  }

  private opened(exchange: LocalExchange): void {
    const status = exchange.shards()[0];
    this.exchange = exchange;
    this.openings++;
    this.epoch = status?.epoch ?? 0;
    exchange.log.onStopped((reason, isFenced) => this.stopped(reason, isFenced));
    if (this.isReleased) {
      this.close();
      return;
    }
    const { logger, now } = this.options;
    const openMs = Math.round(now() - this.changedAtMs);
    this.become('serving');
    const from = this.predecessor?.memberId;
    const tookMs = this.predecessor === undefined ? undefined : Math.round(now() - this.predecessor.seenAtMs);
    const { shard, epoch } = this;
    if (from === undefined || this.backoff.failures > 0) logger.info({ shard, epoch, openMs }, 'serves the shard');
    else logger.info({ shard, epoch, from, tookMs, openMs }, 'took over the shard of a member that is gone');
    if (status?.state === 'stopped') this.stopped(status.reason ?? 'stopped', false);
    else this.verifyLater(exchange);
  }

  private verifyLater(exchange: LocalExchange): void {
    this.options.scheduler.after(VERIFY_EACH_MS, () => {
      if (this.exchange !== exchange) return;
      void exchange.log.verify().then(() => this.verifyLater(exchange));
    });
  }

  /** The exchange itself has stopped. Those that waited for it have been answered. */
  private stopped(reason: string, isFenced: boolean): void {
    const { exchange, options } = this;
    if (this.state !== 'serving' || exchange === undefined) return;
    if (isFenced) {
      this.wasFenced = true;
      options.logger.warn({ shard: this.shard, epoch: this.epoch }, 'another member has the shard: it is given up');
      this.close();
      return;
    }
    if (options.now() - this.changedAtMs >= STEADY_AFTER_MS) this.backoff.reset();
    this.closing = withDeadline(this.closeQuietly(exchange), options.closeMs, () => undefined, options.scheduler);
    this.fail(reason, undefined);
  }

  private fail(reason: string, error: unknown): void {
    if (this.isReleased) {
      this.become('gone');
      return;
    }
    const { now, logger, scheduler, isFinal } = this.options;
    this.reason = reason;
    this.failure = error instanceof Error ? error : undefined;
    this.isFinal = error !== undefined && isFinal(error);
    if (this.isFinal) {
      logger.error({ err: error, shard: this.shard, reason }, 'the shard stays stopped');
      this.retryAtMs = Number.POSITIVE_INFINITY;
      this.become('stopped');
      return;
    }
    const delayMs = this.backoff.failed();
    this.retryAtMs = now() + delayMs;
    logger.warn(
      { err: error, shard: this.shard, reason, retryMs: Math.round(delayMs) },
      'the shard will be opened again',
    );
    this.become('stopped');
    scheduler.after(delayMs, () => {
      this.retryAtMs = 0; // a timer may fire a little early by another clock, and is not set again
      this.changed(this);
    });
  }

  private close(): void {
    const { exchange, closing } = this;
    this.become('closing');
    const closed = exchange === undefined ? closing : this.closeQuietly(exchange);
    void closed.then(() => {
      this.options.logger.info({ shard: this.shard, epoch: this.epoch }, 'let go of the shard');
      this.become('gone');
    });
  }

  private async closeQuietly(exchange: LocalExchange): Promise<void> {
    try {
      await exchange.close();
    } catch (error) {
      this.options.logger.warn({ err: error, shard: this.shard }, 'the shard’s log did not close in order');
    }
  }

  private become(state: ShardSlot['state']): void {
    if (this.exchange !== undefined && state !== 'serving') {
      this.position = this.exchange.shards()[0]?.durable ?? this.position;
      this.exchange = undefined;
    }
    if (state === 'serving') this.reason = undefined;
    this.state = state;
    this.sinceMs = this.options.clock();
    this.changedAtMs = this.options.now();
    this.changed(this);
  }
}
