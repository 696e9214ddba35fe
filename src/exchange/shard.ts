import { Engine } from '../domain/engine.js';
import { IDS_PER_SHARD } from '../domain/ids.js';
import type { ShardMessage } from '../domain/shard-message.js';
import type { Market } from '../domain/market.js';
import { NONE } from '../domain/negotiator-table.js';
import { Recorder } from '../domain/recorder.js';
import type { RefusalCode } from '../domain/refusal.js';
import { Pricing } from '../domain/terms.js';
import { toHex } from '../events/bytes.js';
import { EventEncoder } from '../events/codec.generated.js';
import {
  DamagedLogError,
  type Evidence,
  LogLockedError,
  LogLostError,
  type LogWriter,
  type ShardLog,
} from '../log/port.js';
import type { ShardStatus } from './commands.js';
import { contentHash } from './idempotency-index.js';
import { DeadlineTimer } from './deadline-timer.js';
import { type CommitMode, Committer, type CommitResult, type CommitterEvents } from './committer.js';
import { Outbox } from './outbox.js';
import type { ShardState } from './market-fold.js';
import { type ShardLogger, silentLogger } from './logger.js';
import { type PeerShards, noPeerShards } from './peer-shards.js';
import { nodeScheduler, type Scheduler } from './scheduler.js';
import { Supervisor } from './supervisor.js';

export interface ShardOptions {
  /** Milliseconds since 1970. Turns never ask it: it is read once a command and logged with it. */
  readonly clock: () => number;
  readonly scheduler: Scheduler;
  /** When batches are closed. `asked` makes a log the same, byte for byte, whatever its speed, for whoever asks at the same places. */
  readonly commit: CommitMode;
  readonly logger: ShardLogger;
  readonly peers: PeerShards;
  /** An initiator whose proposal goes unanswered so long aborts the deal. */
  readonly initiatorDeadlineMs: number;
  /** A responder in doubt so long asks the ledger; longer than the initiator's. */
  readonly responderDeadlineMs: number;
  /** A negotiator that fails more often than this within the window is parked. */
  readonly maxRestarts: number;
  readonly restartWindowMs: number;
  /** A log whose time is ahead of the clock by more than this is not opened. */
  readonly maxClockAheadMs: number;
}

export const defaultShardOptions: ShardOptions = {
  clock: Date.now,
  scheduler: nodeScheduler,
  commit: 'grouped',
  logger: silentLogger,
  peers: noPeerShards,
  initiatorDeadlineMs: 1_000,
  responderDeadlineMs: 3_000,
  maxRestarts: 3,
  restartWindowMs: 10_000,
  maxClockAheadMs: 3_600_000,
};

/** What an operator went on without. */
export interface LossAccepted {
  /** The log was known to hold every event before this position. */
  readonly knownPosition: number;
  /** Who knew of them, for people. */
  readonly evidence: string;
}

/** A command: begins something at the engine, or is refused; what it returns tells the result once all its turns have run. */
export type ShardCommand<Result> = (engine: Engine, atMs: number) => () => Result;

/**
 * One shard: a set of instruments with one log and one writer. Takes commands in order, runs the turns that follow from each, commits
 * what they recorded in groups, and lets nothing out before it is durable.
 *
 * 1. A command is taken only when the engine is quiet: every handshake of the one before has ended.
 * 2. Answers leave in the order of their commands, each once all events recorded before it are durable.
 * 3. A negotiator that throws never takes the shard with it: it is rebuilt from its stream, or parked.
 * 4. When the log fails the shard stops: it takes nothing, answers nothing that is not durable, and recovers by a restart.
 */
export class Shard {
  readonly market: Market;
  readonly engine: Engine;
  private readonly recorder: Recorder;
  private readonly committer: Committer;
  private readonly supervisor: Supervisor;
  private readonly deadlineTimer: DeadlineTimer;
  private readonly queue: (() => void)[] = [];
  private readonly listeners = new Set<(durable: number) => void>();
  private readonly stopListeners: ((reason: string) => void)[] = [];
  private readonly idleWaiters: (() => void)[] = [];
  /** Whether it has stopped because another writer has opened its log. */
  isFenced = false;
  private isRebuilding = false;
  private stopReason: string | undefined;
  private closing: Promise<void> | undefined;
  private isClosed = false;
  private commits = 0;
  private bytesCommitted = 0;

  constructor(
    private readonly writer: LogWriter,
    private readonly state: ShardState,
    log: ShardLog,
    private readonly options: ShardOptions,
  ) {
    this.market = state.market;
    this.recorder = new Recorder(state.market, new EventEncoder(64), writer.head);
    const correspondence = new Outbox(state.market, options.peers, options.logger, {
      whenDurable: (task) => {
        this.committer.whenDurable(task);
      },
      ledgerSaid: (responderId, initiatorId, dealNumber, decision) => {
        this.inform((engine) => {
          engine.ledgerSays(responderId, initiatorId, dealNumber, decision);
        });
      },
    });
    this.engine = new Engine(this.recorder, correspondence);
    const told: CommitterEvents = {
      committed: (result) => {
        this.onCommitted(result);
      },
      failed: (outcome, cause) => {
        this.isFenced = outcome === 'fenced';
        this.stop(`the log's answer was: ${outcome}${cause === undefined ? '' : `: ${cause.message}`}`, cause);
      },
    };
    this.committer = new Committer(writer, this.recorder, state.digest, options.scheduler, told, options.commit);
    this.supervisor = new Supervisor(this.engine, log, options);
    this.deadlineTimer = new DeadlineTimer(state.market, options, () => {
      this.onDeadline();
    });
  }

  /** The new writer's first events; then every deal in doubt is settled and what was under way goes on. */
  start(loss?: LossAccepted): void {
    const atMs = this.nowMs();
    const { shard, epoch } = this.market;
    // An imported log brings its epochs along, and they only ever rise.
    this.recorder.shardStarted(shard, Math.max(this.writer.epoch, epoch + 1), atMs);
    if (loss !== undefined) this.recorder.lossAccepted(loss.knownPosition, loss.evidence, atMs);
    this.supervisor.reportDoubts();
    this.engine.resumeDeals();
    this.runTurns();
    this.whenIdle(() => {
      this.supervisor.reportSettled();
      this.engine.resumeArrival();
      this.runTurns();
    });
    this.committer.schedule();
    this.deadlineTimer.set();
  }

  /** True while commands run at once; otherwise they wait, or are refused. */
  get isServing(): boolean {
    return this.stopReason === undefined && !this.isRebuilding && !this.isClosed && this.engine.isIdle;
  }

  /** Does what is due first, and then says whether commands of this time may run at once. */
  isServingAt(atMs: number): boolean {
    if (this.isServing && this.market.timers.nextMs <= atMs) this.runDue(atMs);
    return this.isServing;
  }

  get isStopped(): boolean {
    return this.stopReason !== undefined || this.isClosed;
  }

  /** Whether it still takes commands; those that it has taken are carried out before it closes. */
  get isTaking(): boolean {
    return !this.isStopped && this.closing === undefined;
  }

  get isCongested(): boolean {
    return this.committer.isCongested;
  }

  get durable(): number {
    return this.committer.durable;
  }

  get writerEpoch(): number {
    return this.writer.epoch;
  }

  /** What this process knows of the log, for whoever opens it next. */
  get evidence(): Evidence {
    const { durable, durableDigest } = this.committer;
    const source = `the process that wrote it under epoch ${this.writer.epoch}`;
    return { source, position: durable, ...(durable === 0 ? {} : { digest: toHex(durableDigest) }) };
  }

  /** The position that the next event gets. */
  get head(): number {
    return this.recorder.position;
  }

  /** Milliseconds since 1970, never less than what the log has said before. */
  nowMs(): number {
    return Math.max(this.market.nowMs, this.options.clock());
  }

  /** How far the log's time is ahead of the clock: until that has come to it, nothing falls due. */
  get aheadOfClockMs(): number {
    return Math.max(0, this.market.nowMs - this.options.clock());
  }

  /**
   * Runs a command, or keeps it until the shard serves again, and hands over its result once all its turns have run. Returns false,
   * and hands over nothing, when the shard has stopped or is closing. The result may leave the process only when `whenDurable` says so.
   */
  submit<Result>(command: ShardCommand<Result>, recorded: (result: Result) => void): boolean {
    if (!this.isTaking) return false;
    const run = (): void => {
      const atMs = this.nowMs();
      this.runDue(atMs);
      if (!this.isServing) {
        this.queue.unshift(run); // somebody has failed at what was due, and is rebuilt first
        return;
      }
      const finish = command(this.engine, atMs);
      this.runTurns();
      this.whenIdle(() => {
        recorded(finish());
        this.committer.schedule();
      });
    };
    this.whenServing(run);
    return true;
  }

  /** Takes a message from another shard; in its turn, like a command. False when the shard has stopped or is closing. */
  receive(message: ShardMessage): boolean {
    return this.inform((engine, atMs) => {
      engine.receive(message, atMs);
    });
  }

  private inform(tell: (engine: Engine, atMs: number) => void): boolean {
    return this.submit(
      (engine, atMs) => {
        tell(engine, atMs);
        return () => undefined;
      },
      () => undefined,
    );
  }

  /**
   * The hot path: posts at once and returns the intention's id, 0 less the id of an earlier post that this one repeats, or why it is
   * refused. To be called only when `isServingAt` this time; the answer may leave the process only when `whenDurable` says so.
   */
  post(
    clientIntentionId: string,
    participant: string,
    instrumentId: number,
    side: number,
    pricing: number,
    priceTicks: number,
    quantityLots: number,
    timeInForce: number,
    postOnly: boolean,
    expiresAtMs: number,
    atMs: number,
  ): number | RefusalCode {
    const { market } = this;
    const { clientIds } = this.state;
    const participantId = market.participantIds.get(participant) ?? market.participants.length;
    const price = pricing === Pricing.Market ? 0 : priceTicks;
    const content = contentHash(instrumentId, side, pricing, price, quantityLots, timeInForce, postOnly, expiresAtMs);
    const known = clientIds.find(participantId, clientIntentionId);
    if (known !== 0) {
      return clientIds.hasContent(known, content) ? -(known + market.shard * IDS_PER_SHARD) : 'CLIENT_ID_REUSED';
    }
    if (expiresAtMs !== 0 && expiresAtMs <= atMs) return 'INVALID_EXPIRY';
    const id = market.nextIntentionId;
    const row = this.engine.post(
      id,
      clientIntentionId,
      participant,
      participantId,
      market.instrument(instrumentId),
      side,
      pricing,
      price,
      quantityLots,
      timeInForce,
      postOnly,
      expiresAtMs,
      atMs,
    );
    if (typeof row !== 'number') return row;
    clientIds.add(content, market.negotiators.postedPosition(row));
    this.runTurns();
    if (expiresAtMs !== 0) this.deadlineTimer.set();
    return id;
  }

  /** The hot path of a withdrawal: at once, under the same conditions as `post`. */
  withdraw(intentionId: number, atMs: number): RefusalCode | undefined {
    const row = this.market.negotiators.rowOf(intentionId);
    return row === NONE ? 'INTENTION_CLOSED' : this.engine.withdraw(row, atMs);
  }

  /** Before a group of posts, for each of them; then `fetchTouched`. Saves time, changes nothing. */
  prefetch(clientIntentionId: string, participant: string): void {
    this.state.clientIds.prefetch(this.market.participantIds.get(participant) ?? 0, clientIntentionId);
  }

  /** Fetches from memory what looking up the client ids that were touched will need. */
  flushPrefetch(): void {
    this.state.clientIds.flushPrefetch();
  }

  /** Log position at which an intention was posted. */
  postedPosition(intentionId: number): number {
    return this.state.clientIds.position(intentionId);
  }

  /** Runs `answer` once all that has been recorded so far is durable; starts a commit if none is under way. */
  whenDurable(answer: () => void): void {
    this.committer.whenDurable(answer);
    this.committer.schedule();
  }

  /** Looks whether the log still is what was appended to it, and stops where it is not. What cannot be told now is told later. */
  async verify(): Promise<void> {
    if (this.isStopped) return;
    try {
      await this.writer.verify?.();
    } catch (error) {
      const isChanged = error instanceof LogLostError || error instanceof DamagedLogError;
      this.isFenced ||= error instanceof LogLockedError && !this.isStopped;
      if (this.isFenced) this.stop('another writer has opened the log', error);
      else if (isChanged) this.stop(`the log was changed: ${error.message}`, error);
      else this.options.logger.warn({ shard: this.market.shard, err: error }, 'the log cannot be looked at just now');
    }
  }

  /** Closes the open batch at the end of this round of the event loop, unless an append is in flight: then right after it. */
  commitSoon(): void {
    this.committer.schedule();
  }

  /** Runs `then` in its turn among the commands that wait; never, when the shard stops before. */
  whenServing(then: () => void): void {
    if (this.isServing && this.queue.length === 0) then();
    else if (!this.isStopped) this.queue.push(then);
  }

  /** Runs `then` at once when the engine is quiet, otherwise when it has become so. */
  whenIdle(then: () => void): void {
    if (this.engine.isIdle && !this.isRebuilding) then();
    else this.idleWaiters.push(then);
  }

  onDurable(listener: (durable: number) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  status(): ShardStatus {
    const { market } = this;
    return {
      shard: market.shard,
      epoch: market.epoch,
      state: this.isStopped ? 'stopped' : this.isServing ? 'serving' : 'recovering',
      ...(this.stopReason === undefined ? {} : { reason: this.stopReason }),
      head: this.recorder.position,
      durable: this.committer.durable,
      openIntentions: market.negotiators.size,
      intentions: market.intentionsPosted,
      deals: market.dealsConfirmed,
      commits: this.commits,
      bytesCommitted: this.bytesCommitted,
      parked: this.supervisor.parked,
      openings: 1,
      aheadOfClockMs: this.aheadOfClockMs,
    };
  }

  /** Carries out the commands that it has taken, commits what is open, then closes the log. */
  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    if (this.stopReason === undefined) {
      await new Promise<void>((resolve) => {
        this.onStopped(() => {
          resolve();
        });
        this.whenServing(() => {
          this.whenDurable(resolve);
        });
      });
    }
    this.isClosed = true;
    this.deadlineTimer.cancel();
    await this.writer.close();
  }

  /** Runs turns until the engine is quiet. Who throws is rebuilt or parked, and the turns go on after that. */
  private runTurns(): void {
    try {
      this.engine.runTurns();
    } catch (error) {
      this.onFault(this.engine.handshake.receiverId, error);
    }
    if (this.market.deals.size > 0) this.deadlineTimer.setDeadlines(this.nowMs());
  }

  private onFault(intentionId: number, error: unknown): void {
    if (intentionId === 0) {
      this.stop('a turn failed that belongs to no negotiator', error);
      throw error;
    }
    this.isRebuilding = true;
    this.supervisor
      .restart(intentionId, error, this.nowMs(), () => this.flushed())
      .then(() => {
        this.isRebuilding = false;
        this.runTurns();
        this.goOn();
      })
      .catch((failure: unknown) => {
        this.stop(`negotiator ${intentionId} could not be rebuilt`, failure);
      });
  }

  private flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.whenDurable(resolve);
    });
  }

  /** Runs `then` once the shard has stopped because its log failed. */
  onStopped(then: (reason: string) => void): void {
    this.stopListeners.push(then);
  }

  /** After turns that ran outside a command: answers what waited for them, then takes the commands that have queued up. */
  private goOn(): void {
    this.committer.schedule();
    while (this.engine.isIdle && !this.isRebuilding && this.stopReason === undefined) {
      const next = this.idleWaiters.shift() ?? this.queue.shift();
      if (next === undefined) return;
      next();
    }
  }

  private onCommitted(result: CommitResult): void {
    this.commits++;
    this.bytesCommitted += result.bytes;
    for (const listener of this.listeners) {
      try {
        listener(result.durable);
      } catch (error) {
        this.options.logger.error({ err: error, durable: result.durable }, 'a listener to commits failed');
      }
    }
  }

  private stop(reason: string, cause: unknown): void {
    if (this.stopReason !== undefined) return;
    this.stopReason = reason;
    this.committer.halt();
    this.deadlineTimer.cancel();
    this.queue.length = 0;
    this.options.logger.error({ err: cause, durable: this.committer.durable }, `shard stopped: ${reason}`);
    for (const listener of this.stopListeners) listener(reason);
  }

  // Time.

  private runDue(atMs: number): void {
    for (let timer = this.market.timers.takeDue(atMs); timer !== undefined; timer = this.market.timers.takeDue(atMs)) {
      this.engine.onTimer(timer, atMs);
      this.runTurns();
      if (this.isRebuilding) return;
    }
  }

  /** A timer has fallen due. */
  private onDeadline(): void {
    if (this.isStopped) return;
    try {
      if (!this.isRebuilding) this.runDue(this.nowMs());
      this.goOn();
      this.deadlineTimer.set();
    } catch (error) {
      this.stop('what fell due failed, and belongs to no negotiator', error);
    }
  }
}
