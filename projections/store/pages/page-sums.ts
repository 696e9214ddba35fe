/**
 * Sums of the pages of a query store, in a file beside it: SQLite itself shows whatever bytes it finds in a page.
 *
 * 1. Every page of the database that the write-ahead log does not hold has the sum that is kept for it, or the store is damaged. The
 *    write-ahead log has sums of its own.
 * 2. Sums are written, whole and synced, before the pages are that they are for: a page gets into the database from the write-ahead log
 *    alone, and only when that is moved (`move`). So whenever a process dies, 1 holds.
 * 3. While a store is open its files change by its own writes alone, and it notes when. What somebody else has written there is not
 *    shown (`check`): the store must be opened again, which looks at every page.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { FRAME_HEADER_BYTES, PageSource, WAL_HEADER_BYTES } from './page-source.js';
import { FILE_MODE } from '../../../src/log/file-modes.js';
import { messageOf } from '../../../src/log/message-of.js';

/** The database is not what was written; isDamage knows it by its code. */
export class DamagedPagesError extends Error {
  readonly code = 'SQLITE_CORRUPT_SUMS';
  constructor(what: string) {
    super(`the query store is damaged: ${what}`);
    this.name = 'DamagedPagesError';
  }
}

const SUFFIX = '-sums';
const MAGIC = 0x50_53_55_4d;
const [MAGIC_AT, SUM_AT, SALT_AT, FRAMES_AT, FIRST_AT] = [0, 1, 2, 4, 5];
const READ_BYTES = 1 << 20;
/**
 * The write-ahead log is moved into the database after the transaction with which it has become a quarter as long as that: moving costs some
 * syncs, and what is not moved takes room on the disk. But not before, and not later than this.
 */
const MOVE_AT_SHARE = 1 / 4;
const MOVE_AT_LEAST_BYTES = 2 << 20;
const MOVE_AT_MOST_BYTES = 16 << 20;
/** Of the first page: what SQLite changes when it begins and ends to keep a write-ahead log. */
const UNSUMMED = [18, 19, 24, 25, 26, 27, 92, 93, 94, 95, 96, 97, 98, 99];

/** The files that belong to the sums of a store, by their suffixes. */
export const sumsSuffixes = [SUFFIX, `${SUFFIX}-new`];

/**
 * Looks at every page of a database that nobody has open. False where there are no sums: it is none of this format. Throws
 * DamagedPagesError.
 */
export function checkPages(file: string): boolean {
  const sums = readSums(file);
  if (sums === undefined) return false;
  const source = sourceOf(file);
  try {
    const [first, second, frames] = source.walState ?? [];
    const isOfTheseSums = first === sums[SALT_AT] && second === sums[SALT_AT + 1];
    if (isOfTheseSums && (frames ?? 0) < (sums[FRAMES_AT] ?? 0)) throw new DamagedPagesError('its write-ahead log');
    for (const [number, page] of pagesOf(file, source.pageBytes)) {
      if (source.isInWal(number) || sums[FIRST_AT + number - 1] === sumOf(number, page)) continue;
      throw new DamagedPagesError(`page ${number} is not what was written`);
    }
    const pages = statSync(file).size / source.pageBytes;
    for (let number = Math.floor(pages) + 1; number <= sums.length - FIRST_AT; number++) {
      if (!source.isInWal(number)) throw new DamagedPagesError(`it has no page ${number}`);
    }
    return true;
  } finally {
    source.close();
  }
}

function sourceOf(file: string): PageSource {
  try {
    return new PageSource(file);
  } catch (error) {
    throw new DamagedPagesError(messageOf(error));
  }
}

function* pagesOf(file: string, pageBytes: number): Generator<readonly [number: number, page: Buffer]> {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(READ_BYTES, pageBytes));
    for (let at = 0; ;) {
      const read = readSync(descriptor, bytes, 0, bytes.length, at);
      if (read === 0) return;
      for (let from = 0; from < read; from += pageBytes) {
        yield [(at + from) / pageBytes + 1, bytes.subarray(from, Math.min(read, from + pageBytes))];
      }
      at += read;
    }
  } finally {
    closeSync(descriptor);
  }
}

function sumOf(number: number, page: Buffer): number {
  if (number !== 1) return crc32(page);
  const summed = Buffer.from(page);
  for (const at of UNSUMMED) summed[at] = 0;
  return crc32(summed);
}

/** Undefined where there is no such file. Throws DamagedPagesError for one that is not whole. */
function readSums(file: string): Uint32Array | undefined {
  if (!existsSync(file + SUFFIX)) return undefined;
  const bytes = readFileSync(file + SUFFIX);
  const sums = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));
  const isWhole = bytes.length % 4 === 0 && sums[MAGIC_AT] === MAGIC && sums[SUM_AT] === sumOfSums(sums);
  if (!isWhole) throw new DamagedPagesError('the sums of its pages');
  return sums;
}

function sumOfSums(sums: Uint32Array): number {
  const rest = sums.subarray(SUM_AT + 1);
  return crc32(Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength));
}

/** The sums of a store that is open. */
export class PageSums {
  private sums: Uint32Array;
  private noted = '';

  constructor(
    private readonly file: string,
    /** Moves the write-ahead log into the database. */
    private readonly moveLog: () => void,
  ) {
    this.sums = readSums(file) ?? new Uint32Array(FIRST_AT);
    this.note();
  }

  /** To be called after each write. */
  note(): void {
    this.noted = this.state();
  }

  /** Throws where somebody else has written to the files since. */
  check(): void {
    if (!this.isUntouched) throw new DamagedPagesError('somebody else has written to its files');
  }

  get isUntouched(): boolean {
    return this.state() === this.noted;
  }

  /** Whether the write-ahead log has grown so long that it is to be moved. */
  get isDue(): boolean {
    const walBytes = statSync(`${this.file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (walBytes < MOVE_AT_LEAST_BYTES) return false;
    const share = MOVE_AT_SHARE * statSync(this.file).size;
    return walBytes >= Math.min(MOVE_AT_MOST_BYTES, share);
  }

  /** Moves the write-ahead log into the database, when the sums of its pages have been written. */
  move(): void {
    this.check();
    if (existsSync(`${this.file}-wal`)) this.sumLog();
    this.write();
    this.moveLog();
    this.note();
  }

  private sumLog(): void {
    const descriptor = openSync(`${this.file}-wal`, 'r+');
    try {
      fsyncSync(descriptor);
      const log = readFileSync(descriptor);
      if (log.length < WAL_HEADER_BYTES) return;
      const pageBytes = log.readUInt32BE(8);
      const frameBytes = FRAME_HEADER_BYTES + pageBytes;
      const newest = new Map<number, Buffer>();
      let frames = 0;
      for (let at = WAL_HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
        // What follows is left from a longer log before this one.
        if (log.compare(log, 16, 24, at + 8, at + 16) !== 0) break;
        newest.set(log.readUInt32BE(at), log.subarray(at + FRAME_HEADER_BYTES, at + frameBytes));
        frames++;
      }
      this.sums = grown(this.sums, FIRST_AT + Math.max(0, ...newest.keys()));
      for (const [number, page] of newest) this.sums[FIRST_AT + number - 1] = sumOf(number, page);
      this.sums.set([log.readUInt32BE(16), log.readUInt32BE(20), frames], SALT_AT);
    } finally {
      closeSync(descriptor);
    }
  }

  private write(): void {
    const { sums, file } = this;
    sums[MAGIC_AT] = MAGIC;
    sums[SUM_AT] = sumOfSums(sums);
    const made = `${file}${SUFFIX}-new`;
    const descriptor = openSync(made, 'w', FILE_MODE);
    try {
      writeSync(descriptor, new Uint8Array(sums.buffer, sums.byteOffset, sums.byteLength));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(made, file + SUFFIX);
  }

  /** Changes with each write to a file: its size, and the times that the file system keeps. */
  private state(): string {
    return ['', '-wal'].map((suffix) => stateOf(this.file + suffix)).join(' ');
  }
}

function stateOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  // An empty log holds nothing, and opening the database touches it too.
  return found === undefined || found.size === 0n
    ? '-'
    : `${found.ino}.${found.size}.${found.mtimeNs}.${found.ctimeNs}`;
}

function grown(sums: Uint32Array, length: number): Uint32Array {
  if (sums.length >= length) return sums;
  const longer = new Uint32Array(length);
  longer.set(sums);
  return longer;
}
