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
import { Ascii } from '../protocol/ascii.js';
import {
  type HeaderBlock,
  headerBlock,
  openHeaderBlock,
  type RecordBatchWriter,
} from '../protocol/record-batch-writer.js';
import { BATCH_START, binaryHeaders, CONTENT_TYPE, contentTypes, POSITION, type TopicFormat } from './topic-format.js';

/** Below a topic's usual limit of 1 MiB a record batch, and a large event below that. */
const CHUNK_BYTES = 900_000;

/** Where a log's records stand. */
export interface RecordPlace {
  readonly prefix: string;
  readonly shard: number;
}

interface EventPlace {
  position: number;
  /** Of the batch that it belongs to. */
  firstPosition: number;
}

/** Adds the event at the cursor, in one of the two forms, to the record batch that is being written. */
interface RecordForm {
  add(cursor: ByteCursor, place: EventPlace, records: RecordBatchWriter): void;
}

/** Writes a batch's events into record batches, and hands each over when it is full. */
export class EventRecords {
  private readonly form: RecordForm;

  constructor(place: RecordPlace, format: TopicFormat) {
    this.form = format === 'binary' ? new BinaryRecords(place) : new JsonRecords(place);
  }

  /** Fills the writer; calls `full` each time it holds as much as a record batch should, and at the end. */
  async write(batch: SealedBatch, records: RecordBatchWriter, full: () => Promise<void>): Promise<void> {
    const { firstPosition, count, buffer, start, end } = batch;
    const cursor = new ByteCursor(buffer, start, end);
    const place = { position: firstPosition, firstPosition };
    for (; place.position < firstPosition + count; place.position++) {
      if (records.bytes > CHUNK_BYTES) await full();
      this.form.add(cursor, place, records);
    }
    await full();
  }
}

class BinaryRecords implements RecordForm {
  private readonly event: EventKey = { stream: 'shard', first: 0, second: 0 };
  private readonly id = new Ascii('');
  private readonly keys = { intention: new Ascii('intention-'), deal: new Ascii('deal-'), shard: new Ascii('shard-') };

  constructor(private readonly place: RecordPlace) {}

  add(cursor: ByteCursor, { position, firstPosition }: EventPlace, records: RecordBatchWriter): void {
    const { bytes, at: start } = cursor;
    skipEvent(cursor, this.event);
    const headers = records.count === 0 ? headersOfFirst(firstPosition) : binaryHeaders;
    const lastHeader = this.id.begin().decimal(position);
    records.addBytes({ key: this.key(), bytes, start, end: cursor.at, headers, lastHeader });
  }

  private key(): Ascii {
    const { stream, first, second } = this.event;
    const key = this.keys[stream].begin();
    if (stream === 'shard') return key.decimal(this.place.shard);
    return stream === 'intention' ? key.decimal(first) : key.decimal(first).dash().decimal(second);
  }
}

function headersOfFirst(firstPosition: number): HeaderBlock {
  return openHeaderBlock({ [CONTENT_TYPE]: contentTypes.binary, [BATCH_START]: String(firstPosition) }, POSITION);
}

class JsonRecords implements RecordForm {
  private readonly headers = new Map<string, HeaderBlock>();
  private readonly told: ToldEvent = { type: '', stream: '' };

  constructor(private readonly place: RecordPlace) {}

  add(cursor: ByteCursor, { position, firstPosition }: EventPlace, records: RecordBatchWriter): void {
    const value = readEventJson(cursor, this.place.shard, this.told);
    const own = [POSITION, String(position)];
    if (records.count === 0) own.push(BATCH_START, String(firstPosition));
    records.add({ key: this.told.stream, value, fixed: this.headersOf(this.told.type), own });
  }

  private headersOf(type: string): HeaderBlock {
    let block = this.headers.get(type);
    if (block === undefined) {
      block = headerBlock({
        ce_specversion: '1.0',
        ce_source: `/${this.place.prefix}/shards/${this.place.shard}`,
        ce_type: type,
        [CONTENT_TYPE]: contentTypes.json,
      });
      this.headers.set(type, block);
    }
    return block;
  }
}
