/**
 * The pages of an SQLite file as its last transaction left them, read without SQLite: nothing is locked, made or recovered, so it can be
 * done to a store that another process writes. https://www.sqlite.org/fileformat2.html says where everything stands.
 *
 * 1. A page that a committed transaction has left in the write-ahead log counts before the one in the file. Frames count up to the
 *    last commit whose checksums hold, as they do for SQLite.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
export const WAL_HEADER_BYTES = 32;
export const FRAME_HEADER_BYTES = 24;
const WAL_MAGIC = 0x377f0682;

interface CommittedPages {
  /** Where the newest copy of each stands. */
  readonly pages: ReadonlyMap<number, number>;
  readonly state?: PageSource['walState'];
}

export class PageSource {
  readonly pageBytes: number;
  /** Of a page without what is kept free at its end. */
  readonly usableBytes: number;
  private readonly file: number;
  private readonly wal: number | undefined;
  /** Where the newest copy of a page stands in the write-ahead log. */
  private readonly walOffsets: ReadonlyMap<number, number> = new Map();
  /** The salts of the write-ahead log, and how many of its frames are committed; undefined where there is none. */
  readonly walState: readonly [first: number, second: number, frames: number] | undefined;

  /** Throws what the file system says, and an error for what is no database. */
  constructor(path: string) {
    this.file = openSync(path, 'r');
    try {
      const header = this.bytesAt(this.file, 0, HEADER_BYTES);
      if (header?.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('it is no database');
      const size = header.readUInt16BE(16);
      this.pageBytes = size === 1 ? 65_536 : size;
      this.usableBytes = this.pageBytes - header.readUInt8(20);
      if (existsSync(`${path}-wal`)) {
        this.wal = openSync(`${path}-wal`, 'r');
        const { pages, state } = this.committedPages(this.wal);
        this.walOffsets = pages;
        this.walState = state;
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Pages count from 1. Throws where there is no such page. */
  page(number: number): Buffer {
    const offset = this.walOffsets.get(number);
    const inWal = this.wal !== undefined && offset !== undefined;
    const page = inWal
      ? this.bytesAt(this.wal, offset, this.pageBytes)
      : this.bytesAt(this.file, (number - 1) * this.pageBytes, this.pageBytes);
    if (number < 1 || page === undefined) throw new Error(`it has no page ${number}`);
    return page;
  }

  /** Whether the write-ahead log holds the page. */
  isInWal(number: number): boolean {
    return this.walOffsets.has(number);
  }

  close(): void {
    closeSync(this.file);
    if (this.wal !== undefined) closeSync(this.wal);
  }

  private committedPages(wal: number): CommittedPages {
    const committed = new Map<number, number>();
    const header = this.bytesAt(wal, 0, WAL_HEADER_BYTES);
    if (header === undefined || (header.readUInt32BE(0) & ~1) >>> 0 !== WAL_MAGIC) return { pages: committed };
    const sum = new Checksum((header.readUInt32BE(0) & 1) === 1);
    if (!sum.add(header.subarray(0, 24)).is(header, 24) || header.readUInt32BE(8) !== this.pageBytes)
      return { pages: committed };
    const frameBytes = FRAME_HEADER_BYTES + this.pageBytes;
    let pending: (readonly [page: number, offset: number])[] = [];
    let frames = 0;
    const found = (): CommittedPages => {
      return { pages: committed, state: [header.readUInt32BE(16), header.readUInt32BE(20), frames] };
    };
    for (let at = WAL_HEADER_BYTES; ; at += frameBytes) {
      const frame = this.bytesAt(wal, at, frameBytes);
      if (frame === undefined || header.compare(frame, 8, 16, 16, 24) !== 0) return found();
      if (!sum.add(frame.subarray(0, 8)).add(frame.subarray(FRAME_HEADER_BYTES)).is(frame, 16)) return found();
      pending.push([frame.readUInt32BE(0), at + FRAME_HEADER_BYTES]);
      if (frame.readUInt32BE(4) === 0) continue;
      frames += pending.length;
      for (const [page, offset] of pending) committed.set(page, offset);
      pending = [];
    }
  }

  /** Undefined where the file does not hold them all. */
  private bytesAt(file: number, offset: number, length: number): Buffer | undefined {
    const bytes = Buffer.alloc(length);
    return readSync(file, bytes, 0, length, offset) === length ? bytes : undefined;
  }
}

/** The running checksum of a write-ahead log. */
class Checksum {
  private first = 0;
  private second = 0;

  constructor(private readonly isBigEndian: boolean) {}

  /** A multiple of eight bytes. */
  add(bytes: Buffer): this {
    for (let at = 0; at < bytes.length; at += 8) {
      this.first = (this.first + this.word(bytes, at) + this.second) >>> 0;
      this.second = (this.second + this.word(bytes, at + 4) + this.first) >>> 0;
    }
    return this;
  }

  is(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.first && bytes.readUInt32BE(at + 4) === this.second;
  }

  private word(bytes: Buffer, at: number): number {
    return this.isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
  }
}
