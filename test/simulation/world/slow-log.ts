import type { RecordedEvent } from '../../../src/events/event.js';
import type { EventBatch } from '../../../src/events/fold.js';
import type { AppendOutcome, LogWriter, SealedBatch, ShardLog } from '../../../src/log/port.js';
import type { MemoryLog } from '../../support/log/memory-log.js';
import type { Machine } from './machine.js';
import type { SimulatedProcess } from './world.js';

/** The stand-in log as one process reaches it: the log itself is a service on another machine, and every call to it takes time. */
export class SlowLog implements ShardLog {
  readonly shard: number;

  constructor(
    private readonly inner: MemoryLog,
    private readonly machine: Machine,
    private readonly process: SimulatedProcess,
  ) {
    this.shard = inner.shard;
  }

  async open(): Promise<LogWriter> {
    await this.wait();
    return new SlowWriter(await this.inner.open(), () => this.wait());
  }

  async head(): Promise<number> {
    await this.wait();
    return this.inner.head();
  }

  async *read(from: number): AsyncGenerator<EventBatch, void, void> {
    await this.wait();
    yield* this.inner.read(from);
  }

  follow(from: number, signal: AbortSignal): AsyncIterable<EventBatch> {
    return this.inner.follow(from, signal);
  }

  async *readStream(stream: string, from?: number): AsyncGenerator<RecordedEvent, void, void> {
    await this.wait();
    yield* this.inner.readStream(stream, from);
  }

  private wait(): Promise<void> {
    const { world, profile } = this.machine;
    return world.pause(world.random.around(profile.disk.syncUs / 2), this.process);
  }
}

class SlowWriter implements LogWriter {
  constructor(
    private readonly inner: LogWriter,
    private readonly wait: () => Promise<void>,
  ) {}

  get epoch(): number {
    return this.inner.epoch;
  }

  get head(): number {
    return this.inner.head;
  }

  get failure(): Error | undefined {
    return this.inner.failure;
  }

  async append(batch: SealedBatch): Promise<AppendOutcome> {
    await this.wait();
    const outcome = await this.inner.append(batch);
    await this.wait();
    return outcome;
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
