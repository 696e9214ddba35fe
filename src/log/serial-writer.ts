import type { Logger } from '../resilience/logger.js';
import { type AppendOutcome, type LogWriter, type SealedBatch, mustBeNext } from './port.js';

type Verdict = Exclude<AppendOutcome, 'appended'>;

/**
 * What the writers of all media keep to.
 *
 * 1. One append at a time, each at the head.
 * 2. After one that was not `appended` none is tried: each gets the same outcome.
 */
export abstract class SerialWriter implements LogWriter {
  abstract readonly epoch: number;
  abstract readonly head: number;
  failure: Error | undefined;
  /** What every append from now on gets. */
  protected verdict: Verdict | undefined;
  /** The append under way. */
  protected appending: Promise<AppendOutcome> | undefined;
  protected closing: Promise<void> | undefined;

  /** Stores a batch that begins at the head, and moves the head. Settles the writer's verdict where that fails. */
  protected abstract store(batch: SealedBatch): Promise<AppendOutcome>;
  /** Releases what the writer holds, once nothing is under way. */
  protected abstract release(): Promise<void>;

  /** Rejects only for a caller's mistake: two at once, a batch that does not begin at the head, a writer that was closed. */
  async append(batch: SealedBatch): Promise<AppendOutcome> {
    if (this.closing !== undefined) throw new Error('the log has been closed');
    if (this.appending !== undefined) throw new Error('an append is still under way');
    mustBeNext(batch, this.head);
    if (this.verdict !== undefined) return this.verdict;
    this.appending = this.store(batch);
    try {
      return await this.appending;
    } finally {
      this.appending = undefined;
    }
  }

  /** May be called again. */
  close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  /** Ends all appending. `log` hears of it, with the details. */
  protected end(verdict: Verdict, cause: Error | undefined, log?: Logger, details?: object): Verdict {
    this.verdict = verdict;
    if (verdict === 'unknown') this.failure = cause;
    const says = verdict === 'fenced' ? 'fenced' : 'an append failed: open the log again and replay';
    log?.error({ ...details, err: cause }, says);
    return verdict;
  }
}
