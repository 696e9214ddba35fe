/**
 * One writer of one shard: each batch is a transaction.
 *
 * 1. One transaction at a time; batches are appended in order, each at the head.
 * 2. `appended` is said only when the transaction's coordinator has answered its commit: it is then decided, and on all replicas in sync.
 * 3. `fenced` is said only when a broker has refused this producer for a newer one before its commit was decided; then nobody will ever
 *    read the batch. Whatever else goes wrong is `unknown`.
 * 4. What was attached before a batch was handed over is committed with it or not at all. What is attached belongs to one writer: the
 *    writer after it knows nothing of commands that began under it, for their events may be lost.
 * 5. It knows at which offset its next record must come to stand. What comes to stand elsewhere is never committed: somebody has
 *    changed the partition.
 */
import type { LogSink } from '../../src/log/log-sink.js';
import { type AppendOutcome, type LogWriter, type SealedBatch, mustBeNext } from '../../src/log/port.js';
import { type TransactionExtra, type TransactionExtras, noTransactionExtras } from './transaction-extras.js';
import type { PartitionName } from './client.js';
import { EventRecords } from './event-records.js';
import { RecordBatchWriter } from './record-batch-writer.js';
import type { OpenTransaction, TransactionOutcome, Transactions } from './transactions.js';

export interface KafkaWriterParts {
  readonly prefix: string;
  readonly events: PartitionName;
  readonly epoch: number;
  readonly head: number;
  /** Offset at which the next record must come to stand: nobody else writes to this partition. */
  readonly offset: number;
  readonly transactions: Transactions;
  readonly log: LogSink | undefined;
  /** Looks whether the partition still ends at or behind an offset. Rejects as `verify` does. */
  readonly mustReach: (offset: number) => Promise<void>;
  /** Lets go of the connection. */
  readonly release: () => Promise<void>;
}

const FIRST_BYTES = 1 << 20;
/** A transaction leaves one at its end in each of its partitions. */
const MARKERS = 1;

export class KafkaWriter implements LogWriter {
  readonly epoch: number;
  private readonly records: EventRecords;
  private readonly buffer = new RecordBatchWriter(FIRST_BYTES);
  private attachments = noTransactionExtras;
  private position: number;
  private offset: number;
  private running: Promise<unknown> = Promise.resolve();
  private isAppending = false;
  private verdict: 'fenced' | 'unknown' | undefined;
  private closing: Promise<void> | undefined;

  constructor(private readonly parts: KafkaWriterParts) {
    this.epoch = parts.epoch;
    this.position = parts.head;
    this.offset = parts.offset;
    this.records = new EventRecords(parts.prefix, parts.events.partition);
  }

  get head(): number {
    return this.position;
  }

  get failure(): Error | undefined {
    return this.verdict === 'unknown' ? this.parts.transactions.failure : undefined;
  }

  /** From now on these go along with the transactions. Nothing does before. */
  attach(attachments: TransactionExtras): void {
    this.attachments = attachments;
  }

  /** Rejects only for a caller's mistake: two at once, a batch that does not begin at the head, a writer that was closed. */
  async append(batch: SealedBatch): Promise<AppendOutcome> {
    this.check(batch);
    this.isAppending = true;
    const attached = this.attachments.take();
    try {
      const outcome = await this.inTurn(attached, (open) => this.fill(open, batch));
      if (outcome !== 'committed') return outcome;
      this.position += batch.count;
      this.offset += batch.count + MARKERS;
      return 'appended';
    } finally {
      this.isAppending = false;
    }
  }

  verify(): Promise<void> {
    // The last marker may come a moment after its commit was answered.
    return this.parts.mustReach(Math.max(this.parts.offset, this.offset - MARKERS));
  }

  /** Commits what is attached although no batch comes: commands that led to no event. */
  async settle(): Promise<void> {
    if (this.closing !== undefined || this.isAppending || this.verdict !== undefined) return;
    const attached = this.attachments.take();
    if (attached !== undefined) await this.inTurn(attached);
  }

  close(): Promise<void> {
    this.closing ??= this.running.then(() => this.parts.release());
    return this.closing;
  }

  private check(batch: SealedBatch): void {
    if (this.closing !== undefined) throw new Error('the log has been closed');
    if (this.isAppending) throw new Error('an append is still under way');
    mustBeNext(batch, this.head);
  }

  /** One transaction after the one before. */
  private async inTurn(
    attached: TransactionExtra | undefined,
    fill?: (open: OpenTransaction) => Promise<void>,
  ): Promise<TransactionOutcome> {
    const before = this.running;
    const run = (async () => {
      await before;
      if (this.verdict !== undefined) return this.verdict;
      return this.transact(attached, fill);
    })();
    this.running = run;
    return run;
  }

  private async transact(
    attached: TransactionExtra | undefined,
    fill: ((open: OpenTransaction) => Promise<void>) | undefined,
  ): Promise<TransactionOutcome> {
    const { transactions, events } = this.parts;
    const places = [...(fill === undefined ? [] : [events]), ...(attached?.places ?? [])];
    const outcome = await transactions.run(places, async (open) => {
      await fill?.(open);
      await attached?.send(open);
    });
    if (outcome !== 'committed') this.stop(outcome);
    return outcome;
  }

  private fill(open: OpenTransaction, batch: SealedBatch): Promise<void> {
    let at = this.offset;
    return this.records.write(batch, this.buffer, () => {
      const { count } = this.buffer;
      at += count;
      return open.send(this.parts.events, this.buffer, at - count);
    });
  }

  private stop(verdict: 'fenced' | 'unknown'): void {
    this.verdict = verdict;
    const { events, log, transactions } = this.parts;
    const details = { shard: events.partition, epoch: this.epoch, head: this.head, err: transactions.failure };
    log?.error(details, verdict === 'fenced' ? 'fenced' : 'an append failed: open the log again and replay');
  }
}
