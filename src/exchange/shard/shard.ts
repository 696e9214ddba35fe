import { Engine } from '../../domain/engine.js';
import type { Market } from '../../domain/market.js';
import { Recorder } from '../../domain/recorder.js';
import { answerLookUp, receiveRemote } from '../../domain/handshake/remote-messages.js';
import { resumeArrival, resumeDeals } from '../../domain/handshake/resumption.js';
import type { ShardMessage } from '../../domain/handshake/shard-message.js';
import type { Turns } from '../../domain/turns.js';
import { toHex } from '../../events/bytes.js';
import { EventEncoder } from '../../events/codec.generated.js';
import {
  DamagedLogError,
  type Evidence,
  LogLockedError,
  LogLostError,
  type LogWriter,
  type ShardLog,
} from '../../log/port.js';
import { Admission } from './admission.js';
import type { ShardStatus } from '../commands.js';
import { Committer, type CommitResult } from './committer.js';
import { turnsWith } from './injected-faults.js';
import { IntentionPosts } from './intention-posts.js';
import type { ShardState } from '../recovery/market-fold.js';
import { Outbox } from './outbox.js';
import { ShardClock } from './shard-clock.js';
import type { ShardOptions } from './shard-options.js';
import { SupervisedTurns } from './supervised-turns.js';

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
 * 1. A command is taken only when the turns are idle: every handshake of the one before has ended.
 * 2. Answers leave in the order of their commands, each once all events recorded before it are durable.
 * 3. A negotiator that throws never takes the shard with it: it is rebuilt from its stream, or parked.
 * 4. When the log fails the shard stops: it takes nothing, answers nothing that is not durable, and recovers by a restart.
 */
export class Shard {
  readonly market: Market;
  readonly turns: Turns;
  readonly admission: Admission;
  readonly clock: ShardClock;
  readonly posts: IntentionPosts;
  private readonly engine: Engine;
  private readonly recorder: Recorder;
  private readonly committer: Committer;
  private readonly supervised: SupervisedTurns;
  private readonly listeners = new Set<(durable: number) => void>();
  private closing: Promise<void> | undefined;
  private commits = 0;
  private commitMs = 0;
  private bytesCommitted = 0;

  constructor(
    private readonly writer: LogWriter,
    state: ShardState,
    log: ShardLog,
    private readonly options: ShardOptions,
  ) {
    const { market } = state;
    this.market = market;
    this.clock = new ShardClock(market, options.clock);
    this.recorder = new Recorder(market, new EventEncoder(64), writer.head);
    const outbox = new Outbox(market, options.peers, options.logger, {
      whenDurable: (task) => this.committer.whenDurable(task),
      lookedUp: (lookUp, decision) => this.inform(() => answerLookUp(this.turns, lookUp, decision)),
    });
    this.turns = turnsWith(options, this.recorder, outbox);
    this.engine = new Engine(this.turns);
    this.admission = new Admission(this.turns);
    this.committer = new Committer({
      writer,
      recorder: this.recorder,
      digest: state.digest,
      scheduler: options.scheduler,
      mode: options.commit,
      committed: (result) => this.onCommitted(result),
      failed: (outcome, cause) => {
        const why = `the log's answer was: ${outcome}${cause === undefined ? '' : `: ${cause.message}`}`;
        this.stop(why, cause, outcome === 'fenced');
      },
    });
    this.supervised = new SupervisedTurns({
      turns: this.turns,
      admission: this.admission,
      clock: this.clock,
      log,
      options,
      whenDurable: (task) => this.whenDurable(task),
      commitSoon: () => this.commitSoon(),
      stop: (reason, cause) => this.stop(reason, cause),
    });
    this.posts = new IntentionPosts(state, this.engine, this.supervised, log);
  }

  /** The new writer's first events; then every deal in doubt is settled and what was under way goes on. */
  start(loss?: LossAccepted): void {
    const { supervised } = this;
    const atMs = this.clock.nowMs();
    const { shard, epoch } = this.market;
    // An imported log brings its epochs along, and they only ever rise.
    this.recorder.shardStarted(shard, Math.max(this.writer.epoch, epoch + 1), atMs);
    if (loss !== undefined) this.recorder.lossAccepted(loss.knownPosition, loss.evidence, atMs);
    supervised.supervisor.reportDoubts();
    resumeDeals(this.turns);
    supervised.run();
    this.admission.whenIdle(() => {
      supervised.supervisor.reportSettled();
      resumeArrival(this.turns);
      supervised.run();
      this.admission.whenIdle(() => this.turns.withdrawals.resume(this.clock.nowMs()));
    });
    this.committer.schedule();
    supervised.setTimer();
  }

  /** Does what is due first, and then says whether commands of this time may run at once. */
  isServingAt(atMs: number): boolean {
    const { admission } = this;
    if (admission.isServing && this.market.timers.nextMs <= atMs) this.supervised.runDue(atMs);
    return admission.isServing;
  }

  get isCongested(): boolean {
    return this.committer.isCongested;
  }

  /** All events before this position are durable. */
  get durable(): number {
    return this.committer.durable;
  }

  /** The position that the next event gets. */
  get head(): number {
    return this.recorder.position;
  }

  get writerEpoch(): number {
    return this.writer.epoch;
  }

  /** What this process knows of the log, for the process that opens it next. */
  get evidence(): Evidence {
    const { durable, durableDigest } = this.committer;
    const source = `the process that wrote it under epoch ${this.writer.epoch}`;
    return { source, position: durable, ...(durable === 0 ? {} : { digest: toHex(durableDigest) }) };
  }

  /**
   * Runs a command, or keeps it until the shard serves again, and hands over its result once all its turns have run. Returns false,
   * and hands over nothing, when the shard has stopped or is closing. The result may leave the process only when `whenDurable` says so.
   */
  submit<Result>(command: ShardCommand<Result>, recorded: (result: Result) => void): boolean {
    const { admission, supervised } = this;
    if (!admission.isTaking) return false;
    const run = (): void => {
      const atMs = this.clock.nowMs();
      supervised.runDue(atMs);
      if (!admission.isServing) {
        admission.putBack(run); // somebody has failed at what was due, and is rebuilt first
        return;
      }
      const finish = command(this.engine, atMs);
      supervised.run();
      supervised.setTimer();
      admission.whenIdle(() => {
        recorded(finish());
        this.committer.schedule();
      });
    };
    admission.whenServing(run);
    return true;
  }

  /** Takes a message from another shard; in its turn, like a command. False when the shard has stopped or is closing. */
  receive(message: ShardMessage): boolean {
    return this.inform((atMs) => receiveRemote(this.turns, message, atMs));
  }

  private inform(tell: (atMs: number) => void): boolean {
    return this.submit(
      (_engine, atMs) => {
        tell(atMs);
        return () => undefined;
      },
      () => undefined,
    );
  }

  /** Runs `answer` once all that has been recorded so far is durable; starts a commit if none is under way. */
  whenDurable(answer: () => void): void {
    this.committer.whenDurable(answer);
    this.committer.schedule();
  }

  /** Closes the open batch at the end of this round of the event loop, unless an append is in flight: then right after it. */
  commitSoon(): void {
    this.committer.schedule();
  }

  /** Looks whether the log still is what was appended to it, and stops where it is not. What cannot be told now is told later. */
  async verify(): Promise<void> {
    if (this.admission.isStopped) return;
    try {
      await this.writer.verify?.();
    } catch (error) {
      const isChanged = error instanceof LogLostError || error instanceof DamagedLogError;
      if (error instanceof LogLockedError) this.stop('another writer has opened the log', error, true);
      else if (isChanged) this.stop(`the log was changed: ${error.message}`, error);
      else this.options.logger.warn({ shard: this.market.shard, err: error }, 'the log cannot be looked at just now');
    }
  }

  onDurable(listener: (durable: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  status(): ShardStatus {
    const { market, admission } = this;
    return {
      shard: market.shard,
      epoch: market.epoch,
      state: admission.state,
      ...(admission.reason === undefined ? {} : { reason: admission.reason }),
      head: this.head,
      durable: this.durable,
      openIntentions: market.negotiators.size,
      intentions: market.intentionsPosted,
      deals: market.dealsConfirmed,
      commits: this.commits,
      commitMs: this.commitMs,
      bytesCommitted: this.bytesCommitted,
      rebuilt: this.supervised.supervisor.rebuilt,
      parked: this.supervised.supervisor.parked,
      openings: 1,
      aheadOfClockMs: this.clock.aheadMs,
    };
  }

  /** Carries out the commands that it has taken, commits what is open, then closes the log. */
  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    await this.admission.close((then) => this.whenDurable(then));
    this.supervised.cancelTimer();
    await this.writer.close();
  }

  private onCommitted(result: CommitResult): void {
    this.commits++;
    this.commitMs += result.tookMs;
    this.bytesCommitted += result.bytes;
    for (const listener of this.listeners) {
      try {
        listener(result.durable);
      } catch (error) {
        this.options.logger.error({ err: error, durable: result.durable }, 'a listener to commits failed');
      }
    }
  }

  private stop(reason: string, cause: unknown, isFenced = false): void {
    this.admission.stop(reason, isFenced, () => {
      this.committer.halt();
      this.supervised.cancelTimer();
      this.options.logger.error({ err: cause, durable: this.durable }, `shard stopped: ${reason}`);
    });
  }
}
