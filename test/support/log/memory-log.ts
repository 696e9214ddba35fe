/**
 * The log in memory, for tests and simulations that take a durable log apart: it can be cut after any batch, as a crash would cut it, and
 * made to fail any append.
 */
import { MemoryLog as PlainMemoryLog, MemoryMedium } from '../../../infra/memory/memory-log.js';
import type { Admit, AppendOutcome, LogWriter, SealedBatch } from '../../../src/log/port.js';

/** The outcome of one append. */
export interface PlannedFailure {
  readonly outcome: 'unknown' | 'fenced';
  /** Whether the batch is in the log for all that. Never where it was fenced. */
  readonly stored: boolean;
}

export interface MemoryLogOptions {
  readonly shard?: number;
  /** Asked before each append, with the number of batches the log holds. Undefined: it succeeds. */
  readonly plan?: (batches: number) => PlannedFailure | undefined;
}

export class MemoryLog extends PlainMemoryLog {
  constructor(
    private readonly options: MemoryLogOptions = {},
    medium?: MemoryMedium,
  ) {
    super(options.shard, medium);
  }

  /** Another instance on the same batches, as another process would have it. */
  again(options: MemoryLogOptions = this.options): MemoryLog {
    return new MemoryLog(options, this.medium);
  }

  /** Positions at which a batch ends: where a crash can leave the log, besides 0. */
  get ends(): number[] {
    return this.medium.batches.map(({ firstPosition, count }) => firstPosition + count);
  }

  /** A log of its own that holds the whole batches before `position`: what a crash there would have left. */
  truncateTo(position: number, options: MemoryLogOptions = { shard: this.shard }): MemoryLog {
    const medium = new MemoryMedium();
    for (const batch of this.medium.batches) {
      if (batch.firstPosition + batch.count > position) break;
      medium.batches.push(batch);
      medium.head = batch.firstPosition + batch.count;
    }
    medium.epoch = this.medium.epoch;
    return new MemoryLog(options, medium);
  }

  override async open(admit?: Admit): Promise<LogWriter> {
    const writer = await super.open(admit);
    return this.options.plan === undefined ? writer : new PlannedWriter(writer, this.medium, this.options.plan);
  }
}

/** A writer whose appends fail as planned, and after the first failure all. */
class PlannedWriter implements LogWriter {
  failure: Error | undefined;
  private verdict: 'unknown' | 'fenced' | undefined;

  constructor(
    private readonly writer: LogWriter,
    private readonly medium: MemoryMedium,
    private readonly plan: NonNullable<MemoryLogOptions['plan']>,
  ) {}

  get epoch(): number {
    return this.writer.epoch;
  }

  get head(): number {
    return this.verdict === undefined ? this.writer.head : this.failedAt;
  }

  private failedAt = 0;

  async append(batch: SealedBatch): Promise<AppendOutcome> {
    if (this.verdict !== undefined) return this.verdict;
    const isNewest = this.medium.epoch === this.epoch;
    const planned = isNewest ? this.plan(this.medium.batches.length) : undefined;
    if (planned === undefined) return this.writer.append(batch);
    this.failedAt = this.writer.head;
    if (planned.stored) await this.writer.append(batch);
    if (planned.outcome === 'unknown') this.failure = new Error('planned failure');
    return (this.verdict = planned.outcome);
  }

  close(): Promise<void> {
    return this.writer.close();
  }
}
