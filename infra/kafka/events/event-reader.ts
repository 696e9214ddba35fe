import { DamagedEventError } from '../../../src/events/bytes.js';
import { InvalidEventError } from '../../../src/events/event.js';
import type { EventBatch } from '../../../src/events/fold.js';
import { DamagedLogError, LogLostError } from '../../../src/log/port.js';
import { batchStartOf, eventOf, positionOf, RecordAssembler } from './record-reading.js';
import { formatOf, type TopicFormat } from './topic-format.js';
import type { CommittedBatch, Ends, Partition } from '../protocol/partition.js';
import type { InRecord } from '../protocol/in-record.js';

/** Where a Parley batch begins. */
export interface Entry {
  readonly offset: number;
  readonly position: number;
}

/** Where the next batch will begin, and what the one before ends with. */
export interface Tail extends Entry {
  /** Empty where there is no batch before. */
  readonly digest: string;
  readonly format: TopicFormat | undefined;
}

/**
 * Reads a shard's events from its partition. Positions are the events' own numbers, offsets are Kafka's; markers stand between them,
 * so an offset is never below its event's position, and the difference only grows.
 */
export class EventReader {
  constructor(readonly partition: Partition) {}

  /** Position after the last event. Throws LogHeldError where that cannot be known, DamagedLogError where the front is gone. */
  async head(): Promise<number> {
    return (await this.end(await this.partition.wholeEnds())).position;
  }

  /** Where the next batch will begin, as the partition stands up to an end. */
  async end(ends: Ends): Promise<Entry> {
    const last = await this.lastBatch(ends);
    return { offset: ends.end, position: last === undefined ? 0 : this.firstPosition(last) + last.count };
  }

  /** Where its next writer begins. Looks at the front and at the last event too: both must be what writers leave. */
  async tail(ends: Ends): Promise<Tail> {
    const [last, front] = await Promise.all([this.lastBatch(ends), this.partition.firstBatch(ends.first, ends.end)]);
    if (last === undefined || front === undefined)
      return { offset: ends.end, position: 0, digest: '', format: undefined };
    if (this.firstPosition(front) !== 0) throw await this.withoutFront(ends);
    let sealing: InRecord | undefined;
    for (const record of last.records()) sealing = record;
    return { offset: ends.end, ...this.told(last, sealing, sealedBy) };
  }

  /** Where the batch begins that holds `position`; undefined when it is at or behind the head. What is missing before is damage. */
  async find(position: number, ends: Ends): Promise<Entry | undefined> {
    if (ends.first > 0) throw await this.withoutFront(ends);
    const { first, end } = ends;
    const holding = await this.recordBatchWith(position, first, end);
    if (holding === undefined) {
      if (position >= (await this.end(ends)).position) return undefined;
      if (position === 0) throw await this.withoutFront(ends);
      throw this.damaged(first, position, 'this position is gone, and others behind it are there');
    }
    const start = this.told(holding, firstOf(holding), batchStartOf);
    if (start === this.firstPosition(holding)) return { offset: holding.baseOffset, position: start };
    const beginning = await this.recordBatchWith(start, first, end);
    if (beginning === undefined)
      throw this.damaged(holding.baseOffset, start, `its batch began at ${start}, which is gone`);
    return { offset: beginning.baseOffset, position: start };
  }

  /** Batches from an entry on up to an offset, in order. */
  async *from(entry: Entry, end: number): AsyncGenerator<EventBatch, void, void> {
    const assembler = new RecordAssembler(entry.position);
    for await (const batch of this.partition.batches(entry.offset, end)) yield* this.assembled(batch, assembler);
  }

  /** The Parley batches that end in a record batch; its assembler has what came before. */
  *assembled(batch: CommittedBatch, assembler: RecordAssembler): Generator<EventBatch, void, void> {
    for (const record of batch.records()) {
      let whole: EventBatch | undefined;
      try {
        whole = assembler.add(record);
      } catch (error) {
        throw this.explained(record, error);
      }
      if (whole !== undefined) yield whole;
    }
  }

  /** The first record must be position 0, as long as there is any: nothing that writes here ever removes one. */
  async withoutFront({ first, end }: Ends): Promise<DamagedLogError> {
    const left = await this.partition.firstBatch(first, end);
    const position = left === undefined ? -1 : this.firstPosition(left);
    const rest = left === undefined ? 'nothing is left' : `the first position that is left is ${position}`;
    const why =
      'has the topic a retention.ms or retention.bytes, is it compacted, or were records deleted (DeleteRecords)?';
    return this.damaged(first, position, `its front is gone: the first offset is ${first}, and ${rest}; ${why}`);
  }

  private async lastBatch(ends: Ends): Promise<CommittedBatch | undefined> {
    if (ends.first > 0) throw await this.withoutFront(ends);
    return this.partition.lastBatch(ends.first, ends.end);
  }

  /** The event as a value, with its errors told in the log's words. */
  private told<Value>(batch: CommittedBatch, record: InRecord | undefined, read: (record: InRecord) => Value): Value {
    if (record === undefined) throw this.damaged(batch.baseOffset, -1, 'an empty record batch');
    try {
      return read(record);
    } catch (error) {
      throw this.explained(record, error);
    }
  }

  private explained({ offset }: InRecord, error: unknown): unknown {
    const isContent = error instanceof InvalidEventError || error instanceof DamagedEventError;
    return isContent ? this.damaged(offset, -1, error.message) : error;
  }

  private firstPosition(batch: CommittedBatch): number {
    return this.told(batch, firstOf(batch), positionOf);
  }

  /** The record batch that holds the event at a position: by halving the offsets. */
  private async recordBatchWith(position: number, first: number, end: number): Promise<CommittedBatch | undefined> {
    let low = Math.max(first, position);
    let high = end;
    // The offset of position p is at least p: the batch may begin before `low` only when it holds it.
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const batch = await this.partition.firstBatch(middle, high);
      const at = batch === undefined ? Number.POSITIVE_INFINITY : this.firstPosition(batch);
      if (batch === undefined || at > position) {
        high = middle;
      } else if (at + batch.count > position) {
        return batch;
      } else {
        low = batch.nextOffset;
      }
    }
    return undefined;
  }

  lost(what: string): LogLostError {
    return new LogLostError(`${this.partition.label} ${what}: it was deleted, cut or made again`);
  }

  damaged(byte: number, frame: number, what: string): DamagedLogError {
    return new DamagedLogError(what, { file: this.partition.label, byte, frame });
  }
}

/** The position after a batch, its digest and its form, by its last record. */
function sealedBy(record: InRecord): Omit<Tail, 'offset'> {
  const position = positionOf(record) + 1;
  const event = eventOf(record);
  if (event.type !== 'BatchSealed') throw new InvalidEventError('it ends no batch, and nothing follows it');
  return { position, digest: event.digest, format: formatOf(record) };
}

function firstOf(batch: CommittedBatch): InRecord | undefined {
  const [first] = batch.records();
  return first;
}
