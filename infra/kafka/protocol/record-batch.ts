/** Reads Kafka's record batches, without a copy of what was fetched. */
import { crc32c } from './crc32c.js';
import { InRecord, RecordCursor, UnreadableBatchError } from './in-record.js';
import * as format from './record-format.js';

/** One batch as it is read. */
export interface InBatch {
  readonly baseOffset: number;
  /** Offset after its last record. */
  readonly nextOffset: number;
  readonly producerId: bigint;
  readonly isTransactional: boolean;
  /** A marker that ends a transaction; it holds nothing of the log's. */
  readonly isControl: boolean;
  /** Only for a marker: whether it aborts the transaction. */
  readonly isAbort: boolean;
  readonly count: number;
  records(): Generator<InRecord, void, void>;
}

/** The whole batches in what a broker answered; a part of one at the end is left out. Throws UnreadableBatchError for what is none. */
export function* readBatches(bytes: Buffer): Generator<InBatch, void, void> {
  let at = 0;
  while (at + format.HEADER_BYTES <= bytes.length) {
    const length = bytes.readInt32BE(at + format.AT_LENGTH) + format.LENGTH_FROM;
    if (length < format.HEADER_BYTES)
      throw new UnreadableBatchError(`a record batch of ${length} bytes`, offsetOf(bytes, at));
    if (at + length > bytes.length) return;
    yield readBatch(bytes.subarray(at, at + length));
    at += length;
  }
}

function readBatch(bytes: Buffer): InBatch {
  const baseOffset = offsetOf(bytes, 0);
  if (bytes.readInt8(format.AT_MAGIC) !== format.MAGIC)
    throw new UnreadableBatchError('a record batch of another format', baseOffset);
  if (bytes.readUInt32BE(format.AT_CRC) !== crc32c(bytes, format.AT_ATTRIBUTES))
    throw new UnreadableBatchError('a record batch with a wrong checksum', baseOffset);
  const attributes = bytes.readInt16BE(format.AT_ATTRIBUTES);
  const count = bytes.readInt32BE(format.AT_COUNT);
  const isControl = (attributes & format.CONTROL) !== 0;
  return {
    baseOffset,
    nextOffset: baseOffset + bytes.readInt32BE(format.AT_LAST_DELTA) + 1,
    producerId: bytes.readBigInt64BE(format.AT_PRODUCER_ID),
    isTransactional: (attributes & format.TRANSACTIONAL) !== 0,
    isControl,
    isAbort: isControl && isAbortMarker(bytes),
    count,
    records: () => {
      if ((attributes & format.COMPRESSION) !== 0)
        throw new UnreadableBatchError('a compressed record batch: no writer of this log makes those', baseOffset);
      return readRecords(bytes, baseOffset, count);
    },
  };
}

function offsetOf(bytes: Buffer, at: number): number {
  return Number(bytes.readBigInt64BE(at));
}

/** The key of a marker's only record is its version and then its type: 0 aborts, 1 commits. */
function isAbortMarker(bytes: Buffer): boolean {
  const cursor = new RecordCursor(bytes, format.HEADER_BYTES, offsetOf(bytes, 0));
  cursor.varint();
  cursor.at++;
  cursor.varint();
  cursor.varint();
  const keyBytes = cursor.skipBytes();
  return keyBytes >= 4 && bytes.readInt16BE(cursor.at - keyBytes + 2) === 0;
}

function* readRecords(bytes: Buffer, baseOffset: number, count: number): Generator<InRecord, void, void> {
  const cursor = new RecordCursor(bytes, format.HEADER_BYTES, baseOffset);
  let at = format.HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    cursor.at = at;
    const length = cursor.varint();
    at = cursor.at + length;
    cursor.at++; // attributes, which mean nothing yet
    cursor.varint();
    yield new InRecord(cursor, baseOffset + cursor.varint());
  }
}
