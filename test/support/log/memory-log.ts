/**
 * A stand-in for a durable log, for tests and simulations: it keeps its batches in memory and follows the port in all else, which the
 * contract suite checks. It can be cut after any batch, as a crash would cut it, and made to fail any append.
 */
import type { RecordedEvent } from '../../../src/events/event.js';
import type { EventBatch } from '../../../src/events/fold.js';
import type { Admit, AppendOutcome, LogWriter, SealedBatch, ShardLog } from '../../../src/log/port.js';
import { eventsOfStream } from '../../../src/log/stream-scan.js';
import { isAborted } from '../../../src/log/aborted.js';

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

/** The medium: what several instances that stand for several processes share. */
interface Medium {
  readonly batches: EventBatch[];
  head: number;
  epoch: number;
  readonly followers: Set<() => void>;
}

function emptyMedium(): Medium {
  return { batches: [], head: 0, epoch: 0, followers: new Set() };
}

export class MemoryLog implements ShardLog {
  readonly shard: number;
  private readonly options: MemoryLogOptions;
  private readonly medium: Medium;

  constructor(options: MemoryLogOptions = {}, medium: Medium = emptyMedium()) {
    this.shard = options.shard ?? 0;
    this.options = options;
    this.medium = medium;
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
    const medium = emptyMedium();
    for (const batch of this.medium.batches) {
      if (batch.firstPosition + batch.count > position) break;
      medium.batches.push(batch);
      medium.head = batch.firstPosition + batch.count;
    }
    medium.epoch = this.medium.epoch;
    return new MemoryLog(options, medium);
  }

  async open(admit?: Admit): Promise<LogWriter> {
    const { head, epoch } = this.medium;
    await admit?.({ log: this, head, epoch, evidence: [] });
    return new MemoryWriter(this.medium, this.options.plan);
  }

  async head(): Promise<number> {
    return this.medium.head;
  }

  async *read(from: number): AsyncGenerator<EventBatch, void, void> {
    yield* this.from(from, this.medium.head);
  }

  async *follow(from: number, signal: AbortSignal): AsyncGenerator<EventBatch, void, void> {
    let next = from;
    while (!signal.aborted) {
      const batches = this.from(next, this.medium.head);
      if (batches.length === 0) await this.growth(signal);
      for (const batch of batches) {
        next = batch.firstPosition + batch.count;
        yield batch;
        if (isAborted(signal)) return;
      }
    }
  }

  readStream(stream: string, from = 0): AsyncIterable<RecordedEvent> {
    return eventsOfStream(this.read(from), stream, this.shard, from);
  }

  private growth(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.medium.followers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.medium.followers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  private from(position: number, until: number): EventBatch[] {
    return this.medium.batches.filter(
      ({ firstPosition, count }) => firstPosition + count > position && firstPosition < until,
    );
  }
}

class MemoryWriter implements LogWriter {
  readonly epoch: number;
  failure: Error | undefined;
  private readonly medium: Medium;
  private readonly plan: MemoryLogOptions['plan'];
  private verdict: 'unknown' | 'fenced' | undefined;
  private busy = false;
  private closed = false;
  private ownHead: number;

  constructor(medium: Medium, plan: MemoryLogOptions['plan']) {
    this.medium = medium;
    this.plan = plan;
    this.epoch = ++medium.epoch;
    this.ownHead = medium.head;
  }

  get head(): number {
    return this.ownHead;
  }

  async append(batch: SealedBatch): Promise<AppendOutcome> {
    if (this.closed) throw new Error('the log has been closed');
    if (this.busy) throw new Error('an append is still under way');
    if (batch.firstPosition !== this.ownHead) throw new RangeError(`${batch.firstPosition} is not the head`);
    this.busy = true;
    await Promise.resolve();
    this.busy = false;
    return this.decide(batch);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private decide(batch: SealedBatch): AppendOutcome {
    const { medium } = this;
    if (this.verdict !== undefined) return this.verdict;
    if (medium.epoch !== this.epoch) return (this.verdict = 'fenced');
    const failure = this.plan?.(medium.batches.length);
    if (failure === undefined || failure.stored) this.store(batch);
    if (failure === undefined) {
      this.ownHead = medium.head;
      return 'appended';
    }
    if (failure.outcome === 'unknown') this.failure = new Error('planned failure');
    return (this.verdict = failure.outcome);
  }

  private store({ firstPosition, count, buffer, start, end }: SealedBatch): void {
    const { medium } = this;
    medium.batches.push({ firstPosition, count, bytes: buffer.slice(start, end) });
    medium.head = firstPosition + count;
    for (const wake of medium.followers) wake();
  }
}
