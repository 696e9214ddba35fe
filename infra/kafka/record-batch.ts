/**
 * Kafka's record batches, format 2 (KIP-98): written and read here, because the log's hot path is made of them. kafkajs makes some
 * thirty thousand records a second, an encoder and several buffers for each; this writes into one buffer.
 */
import { crc32c } from './crc32c.js';

/** A record as it is written. */
export interface OutRecord {
  readonly key: string;
  /** Text, or bytes as they are; null is a tombstone. */
  readonly value: string | Uint8Array | null;
  /** Headers that many records share, made by `headerBlock`. */
  readonly fixed: HeaderBlock;
  /** Headers of its own: names and values, one after the other. */
  readonly own: readonly string[];
}

export interface HeaderBlock {
  readonly count: number;
  readonly bytes: Buffer;
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

const HEADER_BYTES = 61;
const AT_LENGTH = 8;
const AT_MAGIC = 16;
const AT_CRC = 17;
const AT_ATTRIBUTES = 21;
const AT_LAST_DELTA = 23;
const AT_FIRST_TIME = 27;
const AT_PRODUCER_ID = 43;
const AT_PRODUCER_EPOCH = 51;
const AT_SEQUENCE = 53;
const AT_COUNT = 57;
const MAGIC = 2;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const COMPRESSION = 0x07;
/** Before the length of a batch can be counted from: base offset and the length itself. */
const LENGTH_FROM = 12;
/** The length -1, zigzag: there is no value. */
const NO_BYTES = 1;

export interface BatchIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly sequence: number;
}

/** Outside transactions nobody numbers what is sent. */
const NOBODY: BatchIdentity = { producerId: '-1', producerEpoch: -1, sequence: -1 };

/** Writes one batch, record by record, into a buffer of its own that grows and is used again. */
export class RecordBatchWriter {
  private buffer: Buffer;
  private at = HEADER_BYTES;
  count = 0;

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafe(bytes);
  }

  /** How long the batch is so far. */
  get bytes(): number {
    return this.at;
  }

  add({ key, value, fixed, own }: OutRecord): void {
    const keyBytes = Buffer.byteLength(key);
    const valueBytes = value === null ? 0 : Buffer.byteLength(value);
    let headerBytes = fixed.bytes.length;
    for (const text of own) headerBytes += textBytes(Buffer.byteLength(text));
    const headers = fixed.count + own.length / 2;
    const body =
      2 + varintBytes(this.count) + textBytes(keyBytes) + textBytes(valueBytes) + varintBytes(headers) + headerBytes;
    this.reserve(body + 10);
    this.varint(body);
    this.buffer[this.at++] = 0; // attributes
    this.buffer[this.at++] = 0; // difference to the batch's time
    this.varint(this.count);
    this.text(key, keyBytes);
    this.value(value, valueBytes);
    this.varint(headers);
    fixed.bytes.copy(this.buffer, this.at);
    this.at += fixed.bytes.length;
    for (const text of own) this.text(text, Buffer.byteLength(text));
    this.count++;
  }

  /** The batch's bytes, valid until `clear`; part of a transaction when it is told whose. */
  finish(timeMs: number, identity?: BatchIdentity): Buffer {
    const { buffer, at, count } = this;
    const { producerId, producerEpoch, sequence } = identity ?? NOBODY;
    buffer.writeBigInt64BE(0n, 0);
    buffer.writeInt32BE(at - LENGTH_FROM, AT_LENGTH);
    buffer.writeInt32BE(-1, LENGTH_FROM);
    buffer.writeInt8(MAGIC, AT_MAGIC);
    buffer.writeInt16BE(identity === undefined ? 0 : TRANSACTIONAL, AT_ATTRIBUTES);
    buffer.writeInt32BE(count - 1, AT_LAST_DELTA);
    buffer.writeBigInt64BE(BigInt(timeMs), AT_FIRST_TIME);
    buffer.writeBigInt64BE(BigInt(timeMs), AT_FIRST_TIME + 8);
    buffer.writeBigInt64BE(BigInt(producerId), AT_PRODUCER_ID);
    buffer.writeInt16BE(producerEpoch, AT_PRODUCER_EPOCH);
    buffer.writeInt32BE(sequence, AT_SEQUENCE);
    buffer.writeInt32BE(count, AT_COUNT);
    buffer.writeUInt32BE(crc32c(buffer, AT_ATTRIBUTES, at), AT_CRC);
    return buffer.subarray(0, at);
  }

  clear(): void {
    this.at = HEADER_BYTES;
    this.count = 0;
  }

  private reserve(more: number): void {
    if (this.at + more <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.at + more));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  private value(value: string | Uint8Array | null, bytes: number): void {
    if (typeof value === 'string') {
      this.text(value, bytes);
    } else if (value === null) {
      this.buffer[this.at++] = NO_BYTES;
    } else {
      this.varint(bytes);
      this.buffer.set(value, this.at);
      this.at += bytes;
    }
  }

  private text(text: string, bytes: number): void {
    this.varint(bytes);
    if (bytes === text.length) this.buffer.write(text, this.at, 'latin1');
    else this.buffer.write(text, this.at, 'utf8');
    this.at += bytes;
  }

  private varint(value: number): void {
    this.at = putVarint(this.buffer, this.at, value);
  }
}

/** Headers in the form in which records hold them. */
export function headerBlock(headers: Readonly<Record<string, string>>): HeaderBlock {
  const texts = Object.entries(headers).flat();
  const bytes = Buffer.alloc(texts.reduce((sum, text) => sum + textBytes(Buffer.byteLength(text)), 0));
  let at = 0;
  for (const text of texts) {
    at = putVarint(bytes, at, Buffer.byteLength(text));
    at += bytes.write(text, at);
  }
  return { count: texts.length / 2, bytes };
}

/** The whole batches in what a broker answered; a part of one at the end is left out. Throws RangeError for what is none. */
export function* readBatches(bytes: Buffer): Generator<InBatch, void, void> {
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const length = bytes.readInt32BE(at + AT_LENGTH) + LENGTH_FROM;
    if (length < HEADER_BYTES) throw new RangeError(`a record batch of ${length} bytes`);
    if (at + length > bytes.length) return;
    yield readBatch(bytes.subarray(at, at + length));
    at += length;
  }
}

function readBatch(bytes: Buffer): InBatch {
  if (bytes.readInt8(AT_MAGIC) !== MAGIC) throw new RangeError('a record batch of another format');
  if (bytes.readUInt32BE(AT_CRC) !== crc32c(bytes, AT_ATTRIBUTES))
    throw new RangeError('a record batch with a wrong checksum');
  const attributes = bytes.readInt16BE(AT_ATTRIBUTES);
  const baseOffset = Number(bytes.readBigInt64BE(0));
  const count = bytes.readInt32BE(AT_COUNT);
  const isControl = (attributes & CONTROL) !== 0;
  return {
    baseOffset,
    nextOffset: baseOffset + bytes.readInt32BE(AT_LAST_DELTA) + 1,
    producerId: bytes.readBigInt64BE(AT_PRODUCER_ID),
    isTransactional: (attributes & TRANSACTIONAL) !== 0,
    isControl,
    isAbort: isControl && isAbortMarker(bytes),
    count,
    records: () => {
      if ((attributes & COMPRESSION) !== 0)
        throw new RangeError('a compressed record batch: nobody who writes here makes those');
      return readRecords(bytes, baseOffset, count);
    },
  };
}

/** The key of a marker's only record is its version and then its type: 0 aborts, 1 commits. */
function isAbortMarker(bytes: Buffer): boolean {
  const cursor = { bytes, at: HEADER_BYTES };
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
  const cursor: Cursor = { bytes, at: HEADER_BYTES };
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

function putVarint(buffer: Buffer, from: number, value: number): number {
  let at = from;
  let rest = value << 1; // what is written is never negative
  while (rest > 0x7f) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

function varintBytes(value: number): number {
  const bits = value << 1;
  return bits < 0x80 ? 1 : bits < 0x4000 ? 2 : bits < 0x20_0000 ? 3 : bits < 0x1000_0000 ? 4 : 5;
}

function textBytes(bytes: number): number {
  return varintBytes(bytes) + bytes;
}
