/**
 * Typed columns and a header as one run of bytes, and back: `PARLEYM1`, the header's length and a CRC-32 (both 32 bits), then the header
 * as JSON and each column, at multiples of eight. Numbers are little-endian, as every machine has them that Node runs on.
 *
 * 1. The checksum is of all that follows it: what was changed or cut anywhere is not unpacked.
 * 2. A column that is unpacked is a view on the bytes, so nothing is copied or parsed.
 */
import { crc32 } from 'node:zlib';
import { type Column, type Dump, UnusableModelError } from './dump.js';

const MAGIC = 'PARLEYM1';
const HEAD_BYTES = 16;
const ALIGNMENT = 8;

const kinds = { f64: Float64Array, u64: BigUint64Array, u32: Uint32Array, u8: Uint8Array } as const;
type Kind = keyof typeof kinds;

/** Where a column stands behind the header. */
type Place = readonly [kind: Kind, at: number, length: number];

export function pack({ header, columns }: Dump): Uint8Array<ArrayBuffer> {
  const places: Record<string, Place> = {};
  let length = 0;
  for (const [name, column] of Object.entries(columns)) {
    places[name] = [kindOf(column), length, column.length];
    length = aligned(length + column.byteLength);
  }
  const text = Buffer.from(JSON.stringify({ header, places }));
  const start = aligned(HEAD_BYTES + text.length);
  const bytes = new Uint8Array(start + length);
  bytes.set(text, HEAD_BYTES);
  for (const [name, { buffer, byteOffset, byteLength }] of Object.entries(columns)) {
    const [, at] = places[name] as Place; // each was just given one
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start + at);
  }
  const head = Buffer.from(bytes.buffer, 0, HEAD_BYTES);
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(text.length, 8);
  head.writeUInt32LE(crc32(bytes.subarray(HEAD_BYTES), text.length), 12);
  return bytes;
}

/** Throws UnusableModelError, with the reason, for what `pack` has not made. */
export function unpack(given: Uint8Array): Dump {
  const bytes = given.byteOffset % ALIGNMENT === 0 ? given : given.slice();
  if (bytes.length < HEAD_BYTES) throw new UnusableModelError('it is not whole');
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, HEAD_BYTES);
  if (head.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new UnusableModelError('it has another format');
  const textLength = head.readUInt32LE(8);
  if (crc32(bytes.subarray(HEAD_BYTES), textLength) !== head.readUInt32LE(12)) {
    throw new UnusableModelError('its checksum is wrong');
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + HEAD_BYTES, textLength).toString();
  // The checksum says that `pack` has made it.
  const { header, places } = JSON.parse(text) as Pick<Dump, 'header'> & { places: Record<string, Place> };
  const start = bytes.byteOffset + aligned(HEAD_BYTES + textLength);
  const columns: Record<string, Column> = {};
  for (const [name, [kind, at, length]] of Object.entries(places)) {
    columns[name] = new kinds[kind](bytes.buffer as ArrayBuffer, start + at, length); // nobody shares its memory
  }
  return { header, columns };
}

function kindOf(column: Column): Kind {
  if (column instanceof Float64Array) return 'f64';
  if (column instanceof BigUint64Array) return 'u64';
  return column instanceof Uint32Array ? 'u32' : 'u8';
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
