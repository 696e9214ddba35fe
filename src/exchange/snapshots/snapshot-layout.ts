/**
 * How a snapshot stands in its file. Format 5, which is written: `PARLEYS3`, then sections, each with its length and a CRC-32 (both
 * 32 bits, little-endian) before it, and in Node's structured serialization.
 *
 * 1. A section's checksum goes on from that of the one before it, so none can be left out, added, moved or taken from another file.
 * 2. The first section says where the snapshot stands and how many sections there are: who wants no more reads no further.
 * 3. What there may be many of is cut into slices, a section each: neither a file nor the state has a largest length.
 *
 * Older formats lack something that a shard needs (2, which is a CRC-32 and then all in one, 3 and 4 what participants hold), so no shard
 * is opened from them: the log is replayed. What they say of themselves is read permanently, for it is known of the log.
 */
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { type Dump, dumpedLists, mustBeWhole } from './snapshot-dump.js';

/** Raised with every change of what a snapshot holds: an older one is then passed over and the log replayed. */
const FORMAT = 5;
const OLDER_FORMATS: readonly unknown[] = [2, 3, 4];
/** What is wrong with a snapshot of an older format. */
export const OLDER = 'it is of an older format: the log is replayed instead';
const MAGIC = Buffer.from('PARLEYS3');
const SECTION_HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** A slice's section takes a few megabytes; none comes near this. */
const MOST_SECTION_BYTES = 1 << 30;
const SLICE_ENTRIES = 1 << 18;

/** What a snapshot says of itself before all else. */
export interface SnapshotHead {
  /** Undefined in a format that is not known. */
  readonly position: number | undefined;
  /** Of the latest sealed batch before the position. */
  readonly digest: Uint8Array | undefined;
  /** It lacks something that a shard needs today. */
  readonly isOlder: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** The parts of a file of this content, made one after the other. `sliceEntries`: how many entries of a list stand in one section. */
export function* encode(dump: Dump, sliceEntries = SLICE_ENTRIES): Generator<Uint8Array, void, void> {
  yield* framed(bodiesFor(dump, sliceEntries));
}

/** The file of these sections' bodies. */
export function* framed(bodies: Iterable<Uint8Array>): Generator<Uint8Array, void, void> {
  yield MAGIC;
  let checksum = crc32(MAGIC);
  for (const body of bodies) {
    if (body.length > MOST_SECTION_BYTES) throw new RangeError(`a snapshot's section of ${body.length} bytes`);
    const head = Buffer.alloc(SECTION_HEAD_BYTES);
    head.writeUInt32LE(body.length, 0);
    checksum = sectionChecksum(head, body, checksum);
    head.writeUInt32LE(checksum, CHECKSUM_BYTES);
    yield head;
    yield body;
  }
}

function* bodiesFor(dump: Dump, sliceEntries: number): Generator<Uint8Array, void, void> {
  const sections = [...sectionsOf(dump, sliceEntries)];
  const { position, digest } = dump;
  yield serialize({ format: FORMAT, position, digest, sections: sections.length });
  for (const section of sections) yield serialize(section());
}

/**
 * Each is made only when it is written: all at once would be a second copy of the state. What is empty has a section too, so that what
 * is missing is not taken for empty.
 */
function* sectionsOf({ numbers, lists, words, clientIds }: Dump, entries: number): Generator<() => Fields, void, void> {
  yield () => ({ numbers });
  for (const list of dumpedLists) {
    const all: readonly unknown[] = lists[list];
    for (let from = 0; from === 0 || from < all.length; from += entries) {
      yield () => ({ list, values: all.slice(from, from + entries) });
    }
  }
  for (let from = 0; from === 0 || from < words.length; from += entries) {
    yield () => ({ words: words.subarray(from, from + entries) });
  }
  for (const { seed, hashes, checks, contents, positions } of clientIds) {
    for (let from = 0; from < hashes.length; from += entries) {
      const slice = <Column extends Int32Array | Float64Array>(column: Column): Column =>
        column.subarray(from, from + entries) as Column; // a part of a column is of its kind
      yield () => ({
        clientIds: {
          seed,
          hashes: slice(hashes),
          checks: slice(checks),
          contents: slice(contents),
          positions: slice(positions),
        },
      });
    }
  }
}

/** The content of a file. Rejects, with the reason, for one that is damaged, of another format, or not whole. */
export async function decode(parts: AsyncIterable<Uint8Array>): Promise<Dump> {
  const lists: Partial<Record<string, unknown[][]>> = {};
  const words: unknown[] = [];
  const clientIds: unknown[] = [];
  let head: Fields | undefined;
  let numbers: unknown;
  for await (const section of bodiesOf(parts)) {
    const fields = fieldsOf(section);
    if (head === undefined) {
      mustBeCurrent(headOf(section));
      if (fields.format !== FORMAT) throw new Error('it has another format');
      head = fields;
      continue;
    }
    // The checksum says that `encode` made it; that the whole is there and of these kinds is checked at the end.
    if (Array.isArray(fields.values)) (lists[String(fields.list)] ??= []).push(fields.values);
    else if (fields.words !== undefined) words.push(fields.words);
    else if (fields.clientIds !== undefined) clientIds.push(fields.clientIds);
    else ({ numbers } = fields);
  }
  const { position, digest } = head ?? {};
  const joined = Object.fromEntries(dumpedLists.map((name) => [name, lists[name]?.flat(1)]));
  return whole({ position, digest, numbers, lists: joined, words: joinedWords(words), clientIds });
}

/** What a file says of itself, all its checksums being right. */
export async function verify(parts: AsyncIterable<Uint8Array>): Promise<SnapshotHead> {
  let head: SnapshotHead | undefined;
  for await (const section of bodiesOf(parts)) head ??= headOf(section);
  return mustBeCurrent(head ?? missing());
}

function mustBeCurrent(head: SnapshotHead): SnapshotHead {
  if (head.isOlder) throw new Error(OLDER);
  return head;
}

/** What a file says of itself, read no further than to where it says so. */
export async function readHead(parts: AsyncIterable<Uint8Array>): Promise<SnapshotHead> {
  for await (const section of bodiesOf(parts)) return headOf(section);
  return missing();
}

function headOf(section: Buffer): SnapshotHead {
  const { format, position, digest } = fieldsOf(section);
  const isOlder = OLDER_FORMATS.includes(format);
  const isKnown = (format === FORMAT || isOlder) && Number.isSafeInteger(position);
  if (!isKnown || !(digest instanceof Uint8Array)) return { position: undefined, digest: undefined, isOlder };
  return { position: Number(position), digest: digest.slice(), isOlder };
}

function whole(fields: Record<keyof Dump, unknown>): Dump {
  const found = fields as unknown as Dump; // what it lacks is found at once
  mustBeWhole(found);
  return found;
}

/** Undefined where there is none, or not of this kind alone. */
function joinedWords(slices: readonly unknown[]): Int32Array | undefined {
  const known = slices.filter((slice) => slice instanceof Int32Array);
  if (slices.length === 0 || known.length < slices.length) return undefined;
  const joined = new Int32Array(known.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const slice of known) {
    joined.set(slice, at);
    at += slice.length;
  }
  return joined;
}

/** The sections as they stand in the file, each once its checksum is known to be right; of format 2 the only one. */
async function* bodiesOf(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  const bytes = new Bytes(parts);
  try {
    const start = await bytes.upTo(MAGIC.length);
    if (start.equals(MAGIC)) yield* sectionsIn(bytes);
    else yield bodyInOne(Buffer.concat([start, ...(await bytes.rest())]));
  } finally {
    await bytes.end();
  }
}

async function* sectionsIn(bytes: Bytes): AsyncGenerator<Buffer, void, void> {
  let checksum = crc32(MAGIC);
  let sections = 0;
  for (let index = 0; index <= sections; index++) {
    const head = await bytes.take(SECTION_HEAD_BYTES);
    const length = head.readUInt32LE(0);
    if (length > MOST_SECTION_BYTES) throw new Error('its checksum is wrong');
    const body = await bytes.take(length);
    checksum = sectionChecksum(head, body, checksum);
    if (head.readUInt32LE(CHECKSUM_BYTES) !== checksum) throw new Error('its checksum is wrong');
    if (index === 0) sections = Number(fieldsOf(body).sections);
    yield body;
  }
  if ((await bytes.upTo(1)).length > 0) throw new Error('more follows than it counts');
}

function bodyInOne(file: Buffer): Buffer {
  const body = file.subarray(CHECKSUM_BYTES);
  if (file.length < CHECKSUM_BYTES || file.readUInt32LE(0) !== crc32(body)) throw new Error('its checksum is wrong');
  return body;
}

function sectionChecksum(head: Buffer, body: Uint8Array, before: number): number {
  return crc32(body, crc32(head.subarray(0, CHECKSUM_BYTES), before));
}

function fieldsOf(section: Buffer): Fields {
  const content: unknown = deserialize(section);
  if (typeof content !== 'object' || content === null) throw new Error('it has another format');
  return content as Fields; // of an object any field may be asked
}

function missing(): never {
  throw new Error('something of it is missing');
}

/** Parts of whatever length, taken by lengths that are wanted. */
class Bytes {
  private readonly parts: AsyncIterator<Uint8Array>;
  private held: Buffer = Buffer.alloc(0);

  constructor(parts: AsyncIterable<Uint8Array>) {
    this.parts = parts[Symbol.asyncIterator]();
  }

  /** The next so many; throws when there are fewer. */
  async take(count: number): Promise<Buffer> {
    const bytes = await this.upTo(count);
    if (bytes.length < count) throw new Error('it is cut short');
    return bytes;
  }

  /** The next so many, or as many as there are. */
  async upTo(count: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let missing = count; missing > 0;) {
      if (this.held.length === 0) {
        const part = await this.next();
        if (part === undefined) break;
        this.held = part;
      }
      const piece = this.held.subarray(0, missing);
      this.held = this.held.subarray(piece.length);
      pieces.push(piece);
      missing -= piece.length;
    }
    const [first] = pieces;
    return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
  }

  async rest(): Promise<Buffer[]> {
    const parts = [this.held];
    for (let part = await this.next(); part !== undefined; part = await this.next()) parts.push(part);
    return parts;
  }

  async end(): Promise<void> {
    await this.parts.return?.();
  }

  private async next(): Promise<Buffer | undefined> {
    const part = await this.parts.next();
    if (part.done === true) return undefined;
    const { buffer, byteOffset, byteLength } = part.value;
    return Buffer.from(buffer, byteOffset, byteLength);
  }
}
