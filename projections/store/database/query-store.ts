import { toHex } from '../../../src/events/bytes.js';
import { type EventBatch, foldBatch } from '../../../src/events/fold.js';
import { isDamage } from './database.js';
import { emptyStore, type OpenStore, openStore } from './open-store.js';
import type { Found } from '../queries/found.js';
import type { StoreQueries } from '../queries/queries.js';
import type { StoreMoment } from '../queries/store-moment.js';

/** Where a store stands, and on which log: the digest of a sealed batch is a digest of all the log before it. */
export interface Checkpoint {
  /** All events before it are in the tables. 0 in an empty store. */
  readonly position: number;
  /** Digest of the batch that ends there, in hexadecimal; empty in an empty store. */
  readonly sealDigest: string;
}

/** The log skips events that this store has not seen. */
export class LogGapError extends Error {
  readonly code = 'LOG_GAP';
  constructor(expected: number, found: number) {
    super(`the next event has position ${expected}, the log goes on at ${found}`);
    this.name = 'LogGapError';
  }
}

/**
 * What must be queried, in an embedded SQL database that can be thrown away: it is rebuilt from the log.
 *
 * 1. Rows and checkpoint change in one transaction, at the end of a batch; so the tables are at every moment exactly the fold of the
 *    log before the checkpoint, whatever died when.
 * 2. Adding a batch twice changes nothing; leaving one out throws LogGapError.
 * 3. A file of another format, or one that is no whole database, is replaced by an empty one.
 *    So is one whose pages are not what was written (page-sums.ts); what somebody else writes there while it is open is not shown.
 * 4. Two processes may open one file; of their writes, the one that comes second throws StoreInUseError.
 * 5. Once adding or writing has failed, memory and tables may differ: every further call throws the same error. Open it again.
 */
export class QueryStore {
  private parts: OpenStore;
  private stored: Checkpoint;
  private addedTo: number;
  private failure: Error | undefined;

  /** Opens or creates the database `file`; `:memory:` is gone when closed. */
  constructor(file: string) {
    this.parts = openStore(file);
    this.stored = this.parts.checkpoint;
    this.addedTo = this.stored.position;
  }

  /** What the tables hold. */
  get checkpoint(): Checkpoint {
    return this.stored;
  }

  /** Answers as of the checkpoint. */
  get queries(): StoreQueries {
    return this.parts.queries;
  }

  /**
   * What a question comes to, and the position that the very rows stand at which it was answered from; or as of a past moment, which the
   * tables have got to.
   */
  find<Value>(ask: (queries: StoreQueries) => Value, moment?: StoreMoment): Found<Value> {
    if (this.failure !== undefined) throw this.failure;
    const { database, sums } = this.parts;
    const queries = moment === undefined ? this.queries : this.parts.queriesAt(moment);
    const found = database.snapshot(() => ({ value: ask(queries), position: queries.summary().position }));
    this.failing(() => sums?.check());
    return found;
  }

  /** Position after the last batch added; beyond the checkpoint until `commit`. */
  get foldedTo(): number {
    return this.addedTo;
  }

  get pendingEvents(): number {
    return this.foldedTo - this.stored.position;
  }

  /** Takes over a batch, in memory. The queries show it after `commit`. */
  add(batch: EventBatch): void {
    if (this.failure !== undefined) throw this.failure;
    if (batch.firstPosition > this.foldedTo) throw new LogGapError(this.foldedTo, batch.firstPosition);
    this.failing(() => foldBatch(batch, this.parts.fold, this.foldedTo));
    this.addedTo = Math.max(this.addedTo, batch.firstPosition + batch.count);
  }

  /** Writes all that was added, in one transaction. */
  commit(): void {
    if (this.failure !== undefined) throw this.failure;
    if (this.pendingEvents === 0) return;
    const { database, fold, writer, sums } = this.parts;
    const checkpoint = { position: this.foldedTo, sealDigest: toHex(fold.sealDigest) };
    this.failing(() => {
      const isUntouched = sums?.isUntouched ?? true;
      database.transaction(() => {
        writer.write(fold);
        // This finds out another process that adds to it.
        writer.writeCheckpoint(fold, this.stored.position, checkpoint.position, checkpoint.sealDigest);
        if (!isUntouched) sums?.check();
      });
      sums?.note();
      if (sums?.isDue === true) sums.move();
    });
    fold.written();
    this.stored = checkpoint;
  }

  /** Throws everything away: the store then stands before the first event. */
  reset(): void {
    this.parts = emptyStore(this.parts);
    this.stored = this.parts.checkpoint;
    this.addedTo = this.stored.position;
    this.failure = undefined;
  }

  /** Why the file was replaced by an empty one when it was opened; undefined where it was not. */
  get replaced(): string | undefined {
    return this.parts.replaced;
  }

  /** What was added and not committed is given up. */
  close(): void {
    // What somebody else has written must not get sums of its own.
    if (!isDamage(this.failure)) this.tryMove();
    this.parts.database.close();
  }

  private tryMove(): void {
    try {
      this.parts.sums?.move();
    } catch {
      // It is looked at when it is opened next.
    }
  }

  private failing(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error('the store failed', { cause: error });
      throw this.failure;
    }
  }
}
