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
import type { Logger } from '../../src/resilience/logger.js';
import type { AppendOutcome, SealedBatch } from '../../src/log/port.js';
import { SerialWriter } from '../../src/log/serial-writer.js';
import type { PartitionName } from './protocol/client.js';
import { EventRecords } from './events/event-records.js';
import type { TopicFormat } from './events/topic-format.js';
import { RecordBatchWriter } from './protocol/record-batch-writer.js';
import type { OpenTransaction, TransactionExtras, TransactionOutcome, Transactions } from './protocol/transactions.js';

export interface KafkaWriterParts {
  readonly prefix: string;
  readonly events: PartitionName;
  readonly format: TopicFormat;
  readonly epoch: number;
  readonly head: number;
  /** Offset at which the next record must come to stand: nobody else writes to this partition. */
  readonly offset: number;
  readonly transactions: Transactions;
  readonly log: Logger | undefined;
  /** Looks whether the partition still ends at or behind an offset. Rejects as `verify` does. */
  readonly mustReach: (offset: number) => Promise<void>;
  /** Closes the connection. */
  readonly release: () => Promise<void>;
}

const FIRST_BYTES = 1 << 20;
/** A transaction leaves one at its end in each of its partitions. */
const MARKERS = 1;

export class KafkaWriter extends SerialWriter {
  readonly epoch: number;
  private readonly records: EventRecords;
  private readonly buffer = new RecordBatchWriter(FIRST_BYTES);
  private extras: TransactionExtras | undefined;
  private position: number;
  private offset: number;
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: KafkaWriterParts) {
    super();
    this.epoch = parts.epoch;
    this.position = parts.head;
    this.offset = parts.offset;
    const { prefix, events, format } = parts;
    this.records = new EventRecords({ prefix, shard: events.partition }, format);
  }

  get head(): number {
    return this.position;
  }

  /** From now on these go along with the transactions. Nothing does before. */
  attach(extras: TransactionExtras): void {
    this.extras = extras;
  }

  verify(): Promise<void> {
    // The last marker may come a moment after its commit was answered.
    return this.parts.mustReach(Math.max(this.parts.offset, this.offset - MARKERS));
  }

  /** Commits what is attached although no batch comes: commands that led to no event. */
  async settle(): Promise<void> {
    if (this.closing !== undefined || this.appending !== undefined || this.verdict !== undefined) return;
    const extra = this.extras?.take();
    if (extra !== undefined) await this.inTurn(extra.places, (open) => extra.send(open));
  }

  protected async store(batch: SealedBatch): Promise<AppendOutcome> {
    const extra = this.extras?.take();
    const outcome = await this.inTurn([this.parts.events, ...(extra?.places ?? [])], async (open) => {
      await this.fill(open, batch);
      await extra?.send(open);
    });
    if (outcome !== 'committed') return outcome;
    this.position += batch.count;
    this.offset += batch.count + MARKERS;
    return 'appended';
  }

  protected async release(): Promise<void> {
    await this.running;
    await this.parts.release();
  }

  /** One transaction after the one before. */
  private inTurn(
    places: readonly PartitionName[],
    fill: (open: OpenTransaction) => Promise<void>,
  ): Promise<TransactionOutcome> {
    const run = this.running.then(async () => {
      if (this.verdict !== undefined) return this.verdict;
      const { transactions, events, log } = this.parts;
      const outcome = await transactions.run(places, fill);
      if (outcome === 'committed') return outcome;
      const details = { shard: events.partition, epoch: this.epoch, head: this.head };
      return this.end(outcome, transactions.failure, log, details);
    });
    this.running = run;
    return run;
  }

  private fill(open: OpenTransaction, batch: SealedBatch): Promise<void> {
    let at = this.offset;
    return this.records.write(batch, this.buffer, () => {
      const { count } = this.buffer;
      at += count;
      return open.send(this.parts.events, this.buffer, at - count);
    });
  }
}
