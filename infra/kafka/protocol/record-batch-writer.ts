/**
 * Writes Kafka's record batches, which are the log's hot path. kafkajs writes some thirty thousand records a second, with an encoder and
 * several buffers for each; this writes all into one buffer.
 */
import type { Ascii } from './ascii.js';
import { crc32c } from './crc32c.js';
import * as format from './record-format.js';

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

/** A record whose parts are bytes already; they are copied when it is added. */
export interface OutBytes {
  readonly key: Ascii;
  /** The value stands in these bytes, from `start` to `end`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** All headers, but for the value of the last one. */
  readonly headers: HeaderBlock;
  readonly lastHeader: Ascii;
}

export interface HeaderBlock {
  readonly count: number;
  readonly bytes: Buffer;
}

/** The length -1, zigzag: there is no value. */
const NO_BYTES = 1;
const FEW_BYTES = 64;

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
  private at = format.HEADER_BYTES;
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
    this.begin(textBytes(keyBytes) + textBytes(valueBytes) + varintBytes(headers) + headerBytes);
    this.text(key, keyBytes);
    this.value(value, valueBytes);
    this.varint(headers);
    fixed.bytes.copy(this.buffer, this.at);
    this.at += fixed.bytes.length;
    for (const text of own) this.text(text, Buffer.byteLength(text));
    this.count++;
  }

  /** The same as `add` of such a record, in a third of the time. */
  addBytes({ key, bytes, start, end, headers, lastHeader }: OutBytes): void {
    const valueBytes = end - start;
    const headerBytes = headers.bytes.length + textBytes(lastHeader.length);
    this.begin(textBytes(key.length) + textBytes(valueBytes) + varintBytes(headers.count) + headerBytes);
    this.varint(key.length);
    this.copy(key.bytes, 0, key.length);
    this.varint(valueBytes);
    this.copy(bytes, start, end);
    this.varint(headers.count);
    this.copy(headers.bytes, 0, headers.bytes.length);
    this.varint(lastHeader.length);
    this.copy(lastHeader.bytes, 0, lastHeader.length);
    this.count++;
  }

  /** The batch's bytes, valid until `clear`; part of a transaction where `identity` is given. */
  finish(timeMs: number, identity?: BatchIdentity): Buffer {
    const { buffer, at, count } = this;
    const { producerId, producerEpoch, sequence } = identity ?? NOBODY;
    buffer.writeBigInt64BE(0n, 0);
    buffer.writeInt32BE(at - format.LENGTH_FROM, format.AT_LENGTH);
    buffer.writeInt32BE(-1, format.LENGTH_FROM);
    buffer.writeInt8(format.MAGIC, format.AT_MAGIC);
    buffer.writeInt16BE(identity === undefined ? 0 : format.TRANSACTIONAL, format.AT_ATTRIBUTES);
    buffer.writeInt32BE(count - 1, format.AT_LAST_DELTA);
    buffer.writeBigInt64BE(BigInt(timeMs), format.AT_FIRST_TIME);
    buffer.writeBigInt64BE(BigInt(timeMs), format.AT_FIRST_TIME + 8);
    buffer.writeBigInt64BE(BigInt(producerId), format.AT_PRODUCER_ID);
    buffer.writeInt16BE(producerEpoch, format.AT_PRODUCER_EPOCH);
    buffer.writeInt32BE(sequence, format.AT_SEQUENCE);
    buffer.writeInt32BE(count, format.AT_COUNT);
    buffer.writeUInt32BE(crc32c(buffer, format.AT_ATTRIBUTES, at), format.AT_CRC);
    return buffer.subarray(0, at);
  }

  /** The bytes of a batch of just these records, outside transactions; valid until the next is begun. */
  batchOf(records: readonly OutRecord[]): Buffer {
    this.clear();
    for (const record of records) this.add(record);
    return this.finish(Date.now());
  }

  clear(): void {
    this.at = format.HEADER_BYTES;
    this.count = 0;
  }

  /** What every record begins with; `content`: the length of its key, value and headers. */
  private begin(content: number): void {
    const body = 2 + varintBytes(this.count) + content;
    this.reserve(body + 10);
    this.varint(body);
    this.buffer[this.at++] = 0; // attributes
    this.buffer[this.at++] = 0; // difference to the batch's time
    this.varint(this.count);
  }

  private reserve(more: number): void {
    if (this.at + more <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.at + more));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  /** Few bytes are copied sooner one by one. */
  private copy(from: Uint8Array, start: number, end: number): void {
    if (end - start > FEW_BYTES) {
      this.buffer.set(from.subarray(start, end), this.at);
      this.at += end - start;
      return;
    }
    const { buffer } = this;
    let { at } = this;
    for (let index = start; index < end; index++) buffer[at++] = from[index] as number; // the caller's are in range
    this.at = at;
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
  return blockOf(Object.entries(headers).flat());
}

/** The same with one more at the end, whose value is not in it. */
export function openHeaderBlock(headers: Readonly<Record<string, string>>, last: string): HeaderBlock {
  return blockOf([...Object.entries(headers).flat(), last]);
}

/** The bytes with which the headers of a record begin that has just these. */
export function asRead({ count, bytes }: HeaderBlock): Uint8Array {
  const start = Buffer.alloc(varintBytes(count));
  putVarint(start, 0, count);
  return Buffer.concat([start, bytes]);
}

function blockOf(texts: readonly string[]): HeaderBlock {
  const bytes = Buffer.alloc(texts.reduce((sum, text) => sum + textBytes(Buffer.byteLength(text)), 0));
  let at = 0;
  for (const text of texts) {
    at = putVarint(bytes, at, Buffer.byteLength(text));
    at += bytes.write(text, at);
  }
  return { count: Math.ceil(texts.length / 2), bytes };
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
