import type { RecordedEvent } from '../../events/event.js';
import type { EventBatch } from '../../events/fold.js';
import type { LogWriter, ShardLog } from '../../log/port.js';

/** The position up to which the log is durable, as the thread that writes it reports. */
export class HighWatermark {
  private readonly waiting = new Set<() => void>();

  constructor(private reached: number) {}

  get position(): number {
    return this.reached;
  }

  advance(position: number): void {
    this.reached = Math.max(this.reached, position);
    for (const wake of this.waiting) wake();
  }

  /** Resolves once the mark is at the position, or when aborted. */
  async reaches(position: number, signal: AbortSignal): Promise<void> {
    if (this.reached >= position || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.reached < position && !signal.aborted) return;
        this.waiting.delete(look);
        signal.removeEventListener('abort', look);
        resolve();
      };
      this.waiting.add(look);
      signal.addEventListener('abort', look);
    });
  }
}

/**
 * The log for a thread other than its writer's. Files show what has been written, durable or not; this shows what is durable
 * and nothing else, so that nobody sees what a crash could undo.
 */
export class DurableLog implements ShardLog {
  readonly shard: number;

  constructor(
    private readonly log: ShardLog,
    private readonly mark: HighWatermark,
  ) {
    this.shard = log.shard;
  }

  open(): Promise<LogWriter> {
    return Promise.reject(new Error('this log is only read'));
  }

  async head(): Promise<number> {
    return this.mark.position;
  }

  async *read(from: number): AsyncGenerator<EventBatch, void, void> {
    for await (const batch of this.log.read(from)) {
      if (batch.firstPosition + batch.count > this.mark.position) return;
      yield batch;
    }
  }

  async *follow(from: number, signal: AbortSignal): AsyncGenerator<EventBatch, void, void> {
    for await (const batch of this.log.follow(from, signal)) {
      await this.mark.reaches(batch.firstPosition + batch.count, signal);
      if (signal.aborted) return;
      yield batch;
    }
  }

  async *readStream(stream: string, from?: number): AsyncGenerator<RecordedEvent, void, void> {
    for await (const event of this.log.readStream(stream, from)) {
      if (event.position >= this.mark.position) return;
      yield event;
    }
  }
}
