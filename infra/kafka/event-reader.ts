import { DamagedEventError } from '../../src/events/bytes.js';
import { InvalidEventError } from '../../src/events/event.js';
import type { EventBatch } from '../../src/events/fold.js';
import { BatchAssembler } from '../../src/log/json-events.js';
import { DamagedLogError } from '../../src/log/port.js';
import { batchStartOf, positionOf, valueOf } from './event-records.js';
import type { CommittedBatch, Partition } from './partition.js';
import type { InRecord } from './record-batch.js';

/** Where a Parley batch begins. */
export interface Entry {
  readonly offset: number;
  readonly position: number;
}

/**
 * Reads a shard's events from its partition. Positions are the events' own numbers, offsets are Kafka's; markers stand between them,
 * so an offset is never below its event's position, and the difference only grows.
 */
export class EventReader {
  constructor(readonly partition: Partition) {}

  /** Position after the last event. */
  async head(): Promise<number> {
    const { first, end } = await this.partition.ends();
    return (await this.end(first, end)).position;
  }

  /** Where the next batch will begin, as the partition stands up to `end`. */
  async end(first: number, end: number): Promise<Entry> {
    const last = await this.partition.lastBatch(first, end);
    return { offset: Math.max(first, end), position: last === undefined ? 0 : this.firstPosition(last) + last.count };
  }

  /** Where the batch begins that holds `position`; undefined when no event stands there before `end`. */
  async find(position: number, first: number, end: number): Promise<Entry | undefined> {
    const holding = await this.recordBatchWith(position, first, end);
    if (holding === undefined) return undefined;
    const start = this.told(holding, firstOf(holding), batchStartOf);
    if (start === this.firstPosition(holding)) return { offset: holding.baseOffset, position: start };
    const beginning = await this.recordBatchWith(start, first, end);
    if (beginning === undefined)
      throw this.damaged(holding.baseOffset, start, `its batch began at ${start}, which is gone`);
    return { offset: beginning.baseOffset, position: start };
  }

  /** Batches from an entry on up to an offset, in order. */
  async *from(entry: Entry, end: number): AsyncGenerator<EventBatch, void, void> {
    const assembling = new Assembling(this, entry.position);
    for await (const batch of this.partition.batches(entry.offset, end)) yield* assembling.add(batch);
  }

  /** The event as a value, with its errors told in the log's words. */
  told<Value>(batch: CommittedBatch, record: InRecord | undefined, read: (record: InRecord) => Value): Value {
    if (record === undefined) throw this.damaged(batch.baseOffset, -1, 'an empty record batch');
    try {
      return read(record);
    } catch (error) {
      const isContent = error instanceof InvalidEventError || error instanceof DamagedEventError;
      throw isContent ? this.damaged(record.offset, -1, error.message) : error;
    }
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

  private damaged(byte: number, frame: number, what: string): DamagedLogError {
    const { topic, partition } = this.partition.name;
    return new DamagedLogError(what, { file: `${topic}[${partition}]`, byte, frame });
  }
}

/** Puts Parley batches together out of record batches. */
export class Assembling {
  private readonly assembler: BatchAssembler;

  constructor(
    private readonly reader: EventReader,
    position: number,
  ) {
    this.assembler = new BatchAssembler(position);
  }

  *add(batch: CommittedBatch): Generator<EventBatch, void, void> {
    for (const record of batch.records()) {
      const whole = this.reader.told(batch, record, () => this.assembler.add(positionOf(record), valueOf(record)));
      if (whole !== undefined) yield whole;
    }
  }
}

function firstOf(batch: CommittedBatch): InRecord | undefined {
  const [first] = batch.records();
  return first;
}
