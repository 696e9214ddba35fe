/** Reads Kafka's record batches, without a copy of what was fetched. */
import { crc32c } from './crc32c.js';
import * as format from './record-format.js';

/** A record batch that no writer of this log can have written, or that was damaged. */
export class UnreadableBatchError extends RangeError {
  constructor(
    what: string,
    /** Of its first record; -1 where not even that can be told. */
    readonly offset: number,
  ) {
    super(what);
    this.name = 'UnreadableBatchError';
  }
}

/** A record as it is read; offsets are whole numbers below 2^53. */
export interface InRecord {
  readonly offset: number;
  readonly key: string;
  /** Empty for a tombstone. */
  readonly value: Buffer;
  header(name: string): string | undefined;
  /** All headers, names and values by turns. */
  headers(): readonly string[];
}

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

/** The whole batches in what a broker answered; a part of one at the end is left out. Throws RangeError for what is none. */
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
  const cursor = { bytes, at: format.HEADER_BYTES };
  takeVarint(cursor);
  cursor.at++;
  takeVarint(cursor);
  takeVarint(cursor);
  const keyBytes = takeVarint(cursor);
  return keyBytes >= 4 && bytes.readInt16BE(cursor.at + 2) === 0;
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

function* readRecords(bytes: Buffer, baseOffset: number, count: number): Generator<InRecord, void, void> {
  const cursor: Cursor = { bytes, at: format.HEADER_BYTES };
  for (let index = 0; index < count; index++) {
    const length = takeVarint(cursor);
    const end = cursor.at + length;
    cursor.at++;
    takeVarint(cursor);
    const delta = takeVarint(cursor);
    const key = takeBytes(cursor).toString();
    const value = takeBytes(cursor);
    const headersAt = cursor.at;
    yield {
      offset: baseOffset + delta,
      key,
      value,
      header: (name) => findHeader({ bytes, at: headersAt }, name),
      headers: () => takeHeaders({ bytes, at: headersAt }),
    };
    cursor.at = end;
  }
}

function findHeader(cursor: Cursor, name: string): string | undefined {
  const count = takeVarint(cursor);
  for (let index = 0; index < count; index++) {
    const found = takeBytes(cursor);
    const value = takeBytes(cursor);
    if (found.length === name.length && found.toString('latin1') === name) return value.toString();
  }
  return undefined;
}

function takeHeaders(cursor: Cursor): string[] {
  const count = takeVarint(cursor);
  return Array.from({ length: 2 * count }, () => takeBytes(cursor).toString());
}

/** A null, which has length -1, is taken for empty. */
function takeBytes(cursor: Cursor): Buffer {
  const length = Math.max(0, takeVarint(cursor));
  const { at } = cursor;
  if (at + length > cursor.bytes.length) throw new RangeError('a record that goes beyond its batch');
  cursor.at += length;
  return cursor.bytes.subarray(at, at + length);
}

/** Zigzag, seven bits a byte, low ones first. Times may need more bits than a number's 32; they are read and not used. */
function takeVarint(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined || shift > 63) throw new RangeError('a record that ends in the middle of a number');
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
  }
}
