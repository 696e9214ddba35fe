/**
 * A log that lives in the memory of its process, and ends with it: for an exchange that is part of a test. It keeps the port in all but
 * that, which the contract suite checks.
 */
import type { RecordedEvent } from '../../src/events/event.js';
import type { EventBatch } from '../../src/events/fold.js';
import { isAborted } from '../../src/log/aborted.js';
import {
  type Admit,
  type AppendOutcome,
  type LogWriter,
  mustBeNext,
  type SealedBatch,
  type ShardLog,
} from '../../src/log/port.js';
import { eventsOfStream } from '../../src/log/stream-scan.js';

/** What all instances of one log share, as processes share a disk. */
export class MemoryMedium {
  /** In order, without gaps. */
  readonly batches: EventBatch[] = [];
  head = 0;
  /** The newest writer's. */
  epoch = 0;
  private readonly followers = new Set<() => void>();

  store({ firstPosition, count, buffer, start, end }: SealedBatch): void {
    this.batches.push({ firstPosition, count, bytes: buffer.slice(start, end) });
    this.head = firstPosition + count;
    for (const wake of this.followers) wake();
  }

  /** The index of the first batch that holds something from `position` on. */
  indexFrom(position: number): number {
    let from = 0;
    let until = this.batches.length;
    while (from < until) {
      const middle = (from + until) >> 1;
      const batch = this.batches[middle];
      if (batch !== undefined && batch.firstPosition + batch.count <= position) from = middle + 1;
      else until = middle;
    }
    return from;
  }

  /** Resolves when a batch is stored, or the signal aborts. */
  growth(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.followers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.followers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

export class MemoryLog implements ShardLog {
  constructor(
    readonly shard = 0,
    protected readonly medium = new MemoryMedium(),
  ) {}

  async open(admit?: Admit): Promise<LogWriter> {
    const { head, epoch } = this.medium;
    await admit?.({ log: this, head, epoch, evidence: [] });
    return new MemoryWriter(this.medium);
  }

  async head(): Promise<number> {
    return this.medium.head;
  }

  async *read(from: number): AsyncGenerator<EventBatch, void, void> {
    const { batches, head } = this.medium;
    for (let index = this.medium.indexFrom(from); ; index++) {
      const batch = batches[index];
      if (batch === undefined || batch.firstPosition >= head) return;
      yield batch;
    }
  }

  async *follow(from: number, signal: AbortSignal): AsyncGenerator<EventBatch, void, void> {
    const { medium } = this;
    let index = medium.indexFrom(from);
    while (!isAborted(signal)) {
      const batch = medium.batches[index];
      if (batch === undefined) {
        await medium.growth(signal);
        // What is wanted may begin behind what there was.
        index = Math.max(index, medium.indexFrom(from));
        continue;
      }
      index++;
      yield batch;
    }
  }

  readStream(stream: string, from = 0): AsyncIterable<RecordedEvent> {
    return eventsOfStream(this.read(from), stream, this.shard, from);
  }
}

class MemoryWriter implements LogWriter {
  readonly epoch: number;
  readonly failure = undefined;
  private ownHead: number;
  private isBusy = false;
  private isClosed = false;

  constructor(private readonly medium: MemoryMedium) {
    this.epoch = ++medium.epoch;
    this.ownHead = medium.head;
  }

  get head(): number {
    return this.ownHead;
  }

  async append(batch: SealedBatch): Promise<AppendOutcome> {
    if (this.isClosed) throw new Error('the log has been closed');
    if (this.isBusy) throw new Error('an append is still under way');
    mustBeNext(batch, this.ownHead);
    this.isBusy = true;
    await Promise.resolve();
    this.isBusy = false;
    if (this.medium.epoch !== this.epoch) return 'fenced';
    this.medium.store(batch);
    this.ownHead = this.medium.head;
    return 'appended';
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
