/** Reads events out of Kafka records, whichever form they have. */
import { appendJson } from '../../../src/events/append-json.js';
import { ByteCursor, DamagedEventError } from '../../../src/events/bytes.js';
import { decodeEvent, type Event, eventFromJson, InvalidEventError } from '../../../src/events/event.js';
import type { EventBatch } from '../../../src/events/fold.js';
import { BatchAssembler } from '../../../src/log/batch-assembler.js';
import { messageOf } from '../../../src/log/message-of.js';
import { headerText, type InRecord } from '../protocol/in-record.js';
import { BATCH_START, formatOf, POSITION, usualPosition } from './topic-format.js';

const positionName = headerText(POSITION);
const batchStartName = headerText(BATCH_START);

/** The event's position. Throws InvalidEventError where there is none. */
export function positionOf(record: InRecord): number {
  return found(record.count(positionName), POSITION);
}

/** Position at which the Parley batch began that the record belongs to; only the first record of a record batch knows. */
export function batchStartOf(record: InRecord): number {
  return found(record.count(batchStartName), BATCH_START);
}

function found(value: number | undefined, header: string): number {
  if (value === undefined) throw new InvalidEventError(`it has no ${header}: no event of this log`);
  return value;
}

/** The record's event. Throws InvalidEventError or DamagedEventError for what is none. */
export function eventOf(record: InRecord): Event {
  if (formatOf(record) === 'json') return eventFromJson(valueOf(record));
  const cursor = new ByteCursor(record.value);
  const event = decodeEvent(cursor);
  if (cursor.at !== cursor.end) throw new DamagedEventError('an event with bytes behind it', cursor.at);
  return event;
}

/** The value that a record's JSON stands for. Throws InvalidEventError for what is not JSON. */
function valueOf(record: InRecord): unknown {
  try {
    return JSON.parse(record.value.toString());
  } catch (cause) {
    throw new InvalidEventError(`it is not JSON: ${messageOf(cause)}`);
  }
}

/** Puts batches together out of records, one after the other, from where some batch begins. */
export class RecordAssembler {
  private readonly batches: BatchAssembler;
  /** On the record batch that was read last. */
  private cursor = new ByteCursor(new Uint8Array());

  constructor(position: number) {
    this.batches = new BatchAssembler(position, appendJson);
  }

  /** Returns the batch that ends with the record; valid until the next. Throws InvalidEventError and DamagedEventError. */
  add(record: InRecord): EventBatch | undefined {
    const usual = usualPosition(record);
    const position = usual ?? positionOf(record);
    if (usual === undefined && formatOf(record) === 'json') return this.batches.add(position, valueOf(record));
    if (this.cursor.bytes !== record.bytes) this.cursor = new ByteCursor(record.bytes);
    this.cursor.at = record.valueStart;
    return this.batches.addBytes(position, this.cursor, record.valueEnd);
  }
}
