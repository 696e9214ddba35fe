import { PageSource } from '../pages/page-source.js';
import type { Checkpoint } from './query-store.js';
import { FORMAT_VERSION } from './schema.js';

const LEAF = 0x0d;
const INTERIOR = 0x05;
const FIRST_PAGE_HEADER = 100;
const VERSION_AT = 60;

/**
 * Where the query store in a file stands, as its last transaction left it. The file is read and nothing else: neither locked, nor
 * recovered, nor made. Throws an error that says why where that cannot be told: no such file, another format, a store that is being
 * written at this moment.
 */
export function readCheckpoint(file: string): Checkpoint {
  const first = checkpointIn(file);
  const second = checkpointIn(file);
  if (first.position === second.position && first.sealDigest === second.sealDigest) return first;
  throw new Error('it is being written');
}

function checkpointIn(file: string): Checkpoint {
  const pages = new PageSource(file);
  try {
    const version = pages.page(1).readUInt32BE(VERSION_AT);
    // The checkpoint has been the same in all of them.
    if (version < 1 || version > FORMAT_VERSION) throw new Error(`it has format ${version}`);
    const root = rootOf(pages, 'checkpoint');
    const [row] = root === undefined ? [] : [...rowsOf(pages, root)];
    const [, position, , sealDigest] = row ?? [];
    const isOne = typeof position === 'number' && typeof sealDigest === 'string';
    if (isOne && (position === 0 || /^[0-9a-f]{64}$/.test(sealDigest))) return { position, sealDigest };
    throw new Error('it has no checkpoint');
  } finally {
    pages.close();
  }
}

function rootOf(pages: PageSource, table: string): number | undefined {
  for (const [type, name, , root] of rowsOf(pages, 1)) {
    if (type === 'table' && name === table && typeof root === 'number') return root;
  }
  return undefined;
}

type Value = number | string | undefined;

/** The rows of the table whose tree begins at a page. */
function* rowsOf(pages: PageSource, number: number): Generator<readonly Value[]> {
  const page = pages.page(number);
  const header = number === 1 ? FIRST_PAGE_HEADER : 0;
  const type = page.readUInt8(header);
  if (type !== LEAF && type !== INTERIOR) throw new Error(`its page ${number} holds no table`);
  const cells = page.readUInt16BE(header + 3);
  for (let cell = 0; cell < cells; cell++) {
    const at = page.readUInt16BE(header + (type === LEAF ? 8 : 12) + 2 * cell);
    if (type === LEAF) yield rowAt(page, at, pages.usableBytes);
    else yield* rowsOf(pages, page.readUInt32BE(at));
  }
  if (type === INTERIOR) yield* rowsOf(pages, page.readUInt32BE(header + 8));
}

function rowAt(page: Buffer, at: number, usableBytes: number): readonly Value[] {
  const bytes = new Cursor(page, at);
  const payload = bytes.varint();
  bytes.varint(); // the row's own number
  // What is longer goes on in other pages: it is none of the rows that are looked for.
  if (payload > usableBytes - 35) return [];
  const typesEnd = bytes.at + bytes.varint();
  const types: number[] = [];
  while (bytes.at < typesEnd) types.push(bytes.varint());
  return types.map((type) => bytes.value(type));
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8];
const FLOAT = 7;
const ONE = 9;
const FIRST_OF_VARIABLE_LENGTH = 12;

class Cursor {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  varint(): number {
    let value = 0;
    for (let count = 0; count < 8; count++) {
      const byte = this.bytes.readUInt8(this.at++);
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
    return value * 256 + this.bytes.readUInt8(this.at++);
  }

  /** Undefined for what is neither a whole number nor a text. */
  value(type: number): Value {
    if (type >= FIRST_OF_VARIABLE_LENGTH) {
      const from = this.at;
      this.at += Math.floor((type - FIRST_OF_VARIABLE_LENGTH) / 2);
      return type % 2 === 1 ? this.bytes.toString('utf8', from, this.at) : undefined;
    }
    if (type > FLOAT) return type === ONE ? 1 : 0;
    const length = type === FLOAT ? 8 : (INTEGER_BYTES[type] ?? 0);
    const from = this.at;
    this.at += length;
    if (type === FLOAT || length === 0) return undefined;
    if (length <= 6) return this.bytes.readIntBE(from, length);
    return Number(this.bytes.readBigInt64BE(from));
  }
}
