import { ShardUnavailableError } from './port.js';
import { nodeScheduler, type Scheduler } from './shard/scheduler.js';
import type { Shard } from './shard/shard.js';

export interface ReadOptions {
  readonly scheduler?: Scheduler;
  /** How long a read waits for what has been recorded to become durable; 2,000 unless said otherwise. */
  readonly readMs?: number;
}

interface Reader {
  readonly position: number;
  readonly show: () => void;
  readonly refuse: (why: string) => void;
}

const READ_MS = 2_000;

/**
 * Views of what a shard has recorded, each kept back until that is durable.
 *
 * 1. A view stands as of all events before its position, and is shown once those are durable; otherwise its reader is refused.
 * 2. Reading asks nothing of the log and closes no batch: a shard records and commits the same whether it is read or not. Where nothing
 *    is under way, a view is shown at once.
 * 3. A reader waits `readMs` at most, and no longer than the shard runs.
 */
export class DurableReads {
  /** In the order of their positions, for a shard's head never goes back. */
  private readonly readers = new Set<Reader>();
  private readonly scheduler: Scheduler;
  private readonly readMs: number;

  constructor(
    private readonly shard: Pick<Shard, 'head' | 'durable' | 'admission' | 'onDurable'>,
    { scheduler = nodeScheduler, readMs = READ_MS }: ReadOptions,
  ) {
    this.scheduler = scheduler;
    this.readMs = readMs;
    shard.onDurable((durable) => this.reached(durable));
    shard.admission.onStopped(() => {
      for (const reader of this.readers) reader.refuse(this.stop());
    });
  }

  /** What `look` sees now, once it is durable. Rejects with ShardUnavailableError. */
  view<View>(look: (position: number) => View): Promise<View> {
    if (this.shard.admission.isStopped) return Promise.reject(new ShardUnavailableError(this.stop()));
    const position = this.shard.head;
    const view = look(position);
    if (position <= this.shard.durable) return Promise.resolve(view);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        cancel();
        this.readers.delete(reader);
      };
      const reader: Reader = {
        position,
        show: () => {
          leave();
          resolve(view);
        },
        refuse: (why) => {
          leave();
          reject(new ShardUnavailableError(why));
        },
      };
      const cancel = this.scheduler.after(this.readMs, () => reader.refuse(this.lateness(position)));
      this.readers.add(reader);
    });
  }

  private reached(durable: number): void {
    for (const reader of this.readers) {
      if (reader.position > durable) return;
      reader.show();
    }
  }

  private stop(): string {
    const { reason = 'it is closed' } = this.shard.admission;
    return `the shard has stopped: ${reason}`;
  }

  private lateness(position: number): string {
    const { durable } = this.shard;
    return `the log is durable up to position ${durable} and, after ${this.readMs} ms, not yet up to ${position}; try again shortly`;
  }
}
