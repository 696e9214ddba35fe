/**
 * Events as Kafka records, after the CloudEvents binding for Kafka 1.0, binary mode: the value is the event as JSON, the key its
 * stream, and `ce_id` its position. The first record of every record batch also says at which position its Parley batch began, so that
 * a reader can enter a partition anywhere.
 */
import { ByteCursor } from '../../../src/events/bytes.js';
import { InvalidEventError } from '../../../src/events/event.js';
import { readEventJson, type ToldEvent } from '../../../src/events/json.generated.js';
import { messageOf } from '../../../src/log/message-of.js';
import type { SealedBatch } from '../../../src/log/port.js';
import type { InRecord } from '../protocol/record-batch.js';
import { type HeaderBlock, headerBlock, type RecordBatchWriter } from '../protocol/record-batch-writer.js';

const ID = 'ce_id';
const BATCH_START = 'ce_batchstart';
/** Below a topic's usual limit of 1 MiB a record batch, and a large event below that. */
const CHUNK_BYTES = 900_000;

/** Writes a batch's events into record batches, and hands each over when it is full. */
export class EventRecords {
  private readonly headers = new Map<string, HeaderBlock>();

  constructor(
    private readonly prefix: string,
    private readonly shard: number,
  ) {}

  /** Fills the writer; calls `full` each time it holds as much as a record batch should, and at the end. */
  async write(batch: SealedBatch, records: RecordBatchWriter, full: () => Promise<void>): Promise<void> {
    const { firstPosition, count, buffer, start, end } = batch;
    const cursor = new ByteCursor(buffer, start, end);
    const told: ToldEvent = { type: '', stream: '' };
    for (let position = firstPosition; position < firstPosition + count; position++) {
      if (records.bytes > CHUNK_BYTES) await full();
      const value = readEventJson(cursor, this.shard, told);
      const own = [ID, String(position)];
      if (records.count === 0) own.push(BATCH_START, String(firstPosition));
      records.add({ key: told.stream, value, fixed: this.headersOf(told.type), own });
    }
    await full();
  }

  private headersOf(type: string): HeaderBlock {
    let block = this.headers.get(type);
    if (block === undefined) {
      block = headerBlock({
        ce_specversion: '1.0',
        ce_source: `/${this.prefix}/shards/${this.shard}`,
        ce_type: type,
        'content-type': 'application/json',
      });
      this.headers.set(type, block);
    }
    return block;
  }
}

/** The event's position. Throws InvalidEventError where there is none. */
export function positionOf(record: InRecord): number {
  return numberIn(record, ID);
}

/** Position at which the Parley batch began that the record belongs to; only the first record of a record batch knows. */
export function batchStartOf(record: InRecord): number {
  return numberIn(record, BATCH_START);
}

function numberIn(record: InRecord, header: string): number {
  const text = record.header(header);
  const value = text !== undefined && /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new InvalidEventError(`it has no ${header}: no event of this log`);
  return value;
}

/** The value that a record's JSON stands for. Throws InvalidEventError for what is not JSON. */
export function valueOf(record: InRecord): unknown {
  try {
    return JSON.parse(record.value.toString());
  } catch (cause) {
    throw new InvalidEventError(`it is not JSON: ${messageOf(cause)}`);
  }
}
