import type { EventBatch } from '../../events/fold.js';
import type { LogWriter, SealedBatch, ShardLog } from '../../log/port.js';
import { type Failure, failure } from '../exit.js';

/** What takes the batches of an import, in order. Fails when it cannot. */
export interface ImportTarget {
  append(batch: SealedBatch): Promise<void>;
}

/** An empty log. */
export class NewLogTarget implements ImportTarget {
  constructor(private readonly writer: LogWriter) {}

  async append(batch: SealedBatch): Promise<void> {
    const { writer } = this;
    const outcome = await writer.append(batch);
    if (outcome === 'appended') return;
    const why = writer.failure?.message ?? outcome;
    throw failure(`the log did not take the batch at ${batch.firstPosition}: ${why}`);
  }
}

/**
 * A log that may hold the beginning of the same import, which was broken off: batches that are there already are compared, and those
 * after them are appended.
 *
 * 1. A log that holds anything else is refused before it is opened for writing, so nothing of it has changed.
 */
export class ResumedLogTarget implements ImportTarget {
  /** How many batches this import has appended. */
  appended = 0;
  private readonly there: AsyncIterator<EventBatch>;
  private writer: LogWriter | undefined;
  private writing: NewLogTarget | undefined;

  private constructor(
    private readonly log: ShardLog,
    private readonly name: string,
    /** Position before which the log held events when the import began. */
    readonly head: number,
  ) {
    this.there = log.read(0)[Symbol.asyncIterator]();
  }

  static async begin(log: ShardLog, name: string): Promise<ResumedLogTarget> {
    return new ResumedLogTarget(log, name, await log.head());
  }

  async append(batch: SealedBatch): Promise<void> {
    if (batch.firstPosition < this.head) {
      await this.compare(batch);
      return;
    }
    this.writing ??= await this.open(batch.firstPosition);
    await this.writing.append(batch);
    this.appended++;
  }

  /** To be called after the last batch, which ends before `position`. */
  end(position: number): void {
    if (position >= this.head) return;
    throw this.refused(`it goes on behind position ${position}, where the export ends`);
  }

  async close(): Promise<void> {
    await this.there.return?.();
    await this.writer?.close();
  }

  private async compare({ firstPosition, count, buffer, start, end }: SealedBatch): Promise<void> {
    const next = await this.there.next();
    if (next.done !== true) {
      const { value } = next;
      const isSame = value.firstPosition === firstPosition && value.count === count;
      if (isSame && Buffer.compare(value.bytes, buffer.subarray(start, end)) === 0) return;
    }
    throw this.refused(`what it holds is not this export: they differ in the batch at position ${firstPosition}`);
  }

  private refused(why: string): Failure {
    return failure(`${this.name} is not empty, and ${why}`);
  }

  private async open(position: number): Promise<NewLogTarget> {
    this.writer = await this.log.open();
    const { head } = this.writer;
    if (head === position) return new NewLogTarget(this.writer);
    throw this.refused(`somebody else writes it: its head is ${head}, not ${position}`);
  }
}
