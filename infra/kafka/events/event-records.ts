/**
 * Events as Kafka records: the key is the event's stream, `ce_id` its position, and `content-type` says which form the value has. In JSON
 * they follow the CloudEvents binding for Kafka 1.0, binary mode; as canonical bytes, which say all the rest themselves, they have no
 * other headers. The first record of every record batch also says at which position its Parley batch began, so that a reader can enter a
 * partition anywhere.
 */
import { ByteCursor } from '../../../src/events/bytes.js';
import { type EventKey, skipEvent } from '../../../src/events/codec.generated.js';
import { readEventJson, type ToldEvent } from '../../../src/events/json.generated.js';
import type { SealedBatch } from '../../../src/log/port.js';
import { type HeaderBlock, headerBlock, type RecordBatchWriter } from '../protocol/record-batch-writer.js';
import { BATCH_START, POSITION } from './record-reading.js';
import { CONTENT_TYPE, contentTypes, type TopicFormat } from './topic-format.js';

/** Below a topic's usual limit of 1 MiB a record batch, and a large event below that. */
const CHUNK_BYTES = 900_000;

/** Where a log's records stand, and in which form. */
export interface RecordsOf {
  readonly prefix: string;
  readonly shard: number;
  readonly format: TopicFormat;
}

/** What a record says of its event, apart from where it stands. */
interface Content {
  readonly key: string;
  readonly value: string | Uint8Array;
  readonly fixed: HeaderBlock;
}

/** Writes a batch's events into record batches, and hands each over when it is full. */
export class EventRecords {
  private readonly headers = new Map<string, HeaderBlock>();
  private readonly binaryHeaders = headerBlock({ [CONTENT_TYPE]: contentTypes.binary });
  private readonly told: ToldEvent = { type: '', stream: '' };
  private readonly eventKey: EventKey = { stream: 'shard', first: 0, second: 0 };

  constructor(private readonly of: RecordsOf) {}

  /** Fills the writer; calls `full` each time it holds as much as a record batch should, and at the end. */
  async write(batch: SealedBatch, records: RecordBatchWriter, full: () => Promise<void>): Promise<void> {
    const { firstPosition, count, buffer, start, end } = batch;
    const cursor = new ByteCursor(buffer, start, end);
    for (let position = firstPosition; position < firstPosition + count; position++) {
      if (records.bytes > CHUNK_BYTES) await full();
      const own = [POSITION, String(position)];
      if (records.count === 0) own.push(BATCH_START, String(firstPosition));
      const { key, value, fixed } = this.of.format === 'binary' ? this.binary(cursor) : this.json(cursor);
      records.add({ key, value, fixed, own });
    }
    await full();
  }

  private binary(cursor: ByteCursor): Content {
    const { at } = cursor;
    skipEvent(cursor, this.eventKey);
    return {
      key: this.streamOf(this.eventKey),
      value: cursor.bytes.subarray(at, cursor.at),
      fixed: this.binaryHeaders,
    };
  }

  private json(cursor: ByteCursor): Content {
    const value = readEventJson(cursor, this.of.shard, this.told);
    return { key: this.told.stream, value, fixed: this.headersOf(this.told.type) };
  }

  private streamOf({ stream, first, second }: EventKey): string {
    if (stream === 'intention') return `intention-${first}`;
    return stream === 'deal' ? `deal-${first}-${second}` : `shard-${this.of.shard}`;
  }

  private headersOf(type: string): HeaderBlock {
    let block = this.headers.get(type);
    if (block === undefined) {
      block = headerBlock({
        ce_specversion: '1.0',
        ce_source: `/${this.of.prefix}/shards/${this.of.shard}`,
        ce_type: type,
        [CONTENT_TYPE]: contentTypes.json,
      });
      this.headers.set(type, block);
    }
    return block;
  }
}
