/**
 * Tells what a crash leaves behind a segment's last whole frame from damage.
 *
 * Zeros up to the end of the file are room that was made ahead (segment-file.ts), or what a crash left of a file's new length: nothing was
 * ever written there, as far as anybody can tell. So the *written end* is behind the last byte that is not zero.
 *
 * A crash can only hurt the one frame that was being written, and nothing was written after that. So a tail is torn when
 *
 * 1. no whole frame stands anywhere behind the place where the next one must begin, and
 * 2. the frame is short: its header is whole and the file ends before the payload does, or the written end is within a header that is,
 *    as far as it goes, the one that must come next; or
 * 3. the frame lost its end: the written end is 8 bytes or more before its own; or
 * 4. the frame lost blocks: nothing is written behind the end that its header says, or its header cannot be read, and some aligned
 *    512-byte sector of it (of the header, where that cannot be read) is all zero. Of the sectors in which the frame begins and ends
 *    only a part is the frame's. The first part counts when it has 2 bytes or more, none of which was zero in the magic; the
 *    last one when it has 8 or more, or when no other value of one of its bytes would make the frame whole. So no change of a single
 *    byte can look like a lost block.
 *
 * All else is damage. A file system that cut a file's length back to the boundary between two frames would leave no trace.
 *
 * Another process may be writing just now, and who reads a file meanwhile may see any part of that. So damage is only what two looks find
 * between which nothing has changed: the kernel writes a frame from its beginning to its end, and one that stands still looks torn.
 */
import { crc32 } from 'node:zlib';
import { DamagedLogError } from '../../../src/log/port.js';
import { readRange, type LogFiles } from '../files.js';
import { frameMagic, HEADER_BYTES, putFrameHeader, takeFrameHeader, type FrameHeader } from '../format.js';
import type { Place, SegmentReader } from './segment-reader.js';

const SECTOR_BYTES = 512;
const LEAST_LOST_BYTES = 8;
const LEAST_LOST_AT_START_BYTES = 2;
/** Magic, epoch and position: what can be known of a header before it is written. */
const KNOWN_BYTES = 16;
const SEARCH_BYTES = 1 << 20;
const zeros = new Uint8Array(1 << 16);

export interface TornTail extends Place {
  readonly file: string;
  /** How many bytes there are from its beginning to the end of the file. */
  readonly bytes: number;
  readonly why: string;
  /** True for what a fenced writer left behind a segment's end; false at the head of the log. */
  readonly ignored: boolean;
}

/**
 * Looks at what follows the last whole frame. Undefined when nothing does, or zeros; `whole` when a whole frame does, after all: the file
 * has grown. Throws DamagedLogError.
 */
export function examineTail(scan: SegmentReader, ignored: boolean): TornTail | 'whole' | undefined {
  let tail = lookAtTail(scan, ignored);
  while (tail instanceof DamagedLogError) {
    const before = checksumFrom(scan, scan.nextByte);
    tail = lookAtTail(scan, ignored);
    if (tail instanceof DamagedLogError && checksumFrom(scan, scan.nextByte) === before) throw tail;
  }
  return tail;
}

function lookAtTail(scan: SegmentReader, ignored: boolean): TornTail | DamagedLogError | 'whole' | undefined {
  const place = scan.place;
  const ends = endsOf(scan, place.byte);
  if (ends.written === place.byte) return undefined;
  const finding = examineFrame(scan, place, ends);
  if (finding === 'whole') return finding;
  const { file } = scan.segment;
  if (!finding.torn) return new DamagedLogError(finding.what, { file, ...place });
  const later = findWholeFrame(scan, place.byte + 1, ends.file);
  if (later === undefined) return { file, ...place, bytes: ends.file - place.byte, why: finding.what, ignored };
  return new DamagedLogError(`${finding.what}, yet a whole frame stands at byte ${later}`, { file, ...place });
}

interface OpenFile {
  readonly files: LogFiles;
  readonly fd: number;
}

interface Ends {
  readonly file: number;
  /** Behind the last byte that is not zero. */
  readonly written: number;
}

interface Finding {
  readonly what: string;
  readonly torn: boolean;
}

const damaged = (what: string): Finding => ({ what, torn: false });

function examineFrame(scan: SegmentReader, { byte, position }: Place, ends: Ends): Finding | 'whole' {
  const { epoch } = scan.segment;
  const header = emptyHeader();
  const sectors = readRange(scan.files, scan.fd, byte, Math.min(ends.file, nextSector(byte + HEADER_BYTES)));
  if (sectors.length < HEADER_BYTES || !takeFrameHeader(sectors, 0, header)) {
    const written = sectors.subarray(0, ends.written - byte);
    if (written.length < HEADER_BYTES) return examineShortHeader(written, epoch, position);
    if (hasLostBlock(sectors, byte)) return { what: 'the frame header lost blocks', torn: true };
    return damaged('the frame header does not match its CRC');
  }
  if (header.epoch !== epoch) return damaged(`the frame is one of epoch ${header.epoch}, not ${epoch}`);
  if (header.firstPosition !== position) {
    return damaged(`the frame begins at position ${header.firstPosition}, not ${position}`);
  }
  if (header.count === 0 || header.payloadBytes === 0) return damaged('the frame holds nothing');
  return examinePayload(scan, byte, header, ends);
}

function examineShortHeader(bytes: Uint8Array, epoch: number, position: number): Finding {
  const expected = new Uint8Array(HEADER_BYTES);
  putFrameHeader(expected, 0, { ...emptyHeader(), epoch, firstPosition: position });
  const begins = bytes.subarray(0, KNOWN_BYTES).every((byte, at) => byte === expected[at] || byte === 0);
  return begins
    ? { what: 'the file ends within the frame header', torn: true }
    : damaged('what stands here is not the beginning of a frame');
}

function examinePayload({ files, fd }: OpenFile, byte: number, header: FrameHeader, ends: Ends): Finding | 'whole' {
  const end = byte + HEADER_BYTES + header.payloadBytes;
  if (end > ends.file) return { what: 'the file ends within the frame', torn: true };
  const frame = readRange(files, fd, byte, end);
  if (crc32(frame.subarray(HEADER_BYTES)) === header.payloadCrc) return 'whole';
  if (end - ends.written >= LEAST_LOST_BYTES) return { what: 'the frame lost its end', torn: true };
  const hasLost = end >= ends.written && (hasLostBlock(frame, byte) || hasLostEnd(frame, end, header.payloadCrc));
  if (hasLost) return { what: 'the frame lost blocks', torn: true };
  return damaged('the payload does not match its CRC');
}

/** Where the file ends, and what is written of it behind `byte`. */
function endsOf(scan: SegmentReader, byte: number): Ends {
  const file = scan.fileBytes;
  for (let end = file; end > byte; end -= zeros.length) {
    const from = Math.max(byte, end - zeros.length);
    const bytes = readRange(scan.files, scan.fd, from, end);
    if (Buffer.compare(bytes, zeros.subarray(0, bytes.length)) === 0) continue;
    return { file, written: from + bytes.findLastIndex((value) => value !== 0) + 1 };
  }
  return { file, written: byte };
}

function checksumFrom(scan: SegmentReader, byte: number): number {
  let checksum = 0;
  const end = scan.fileBytes;
  for (let from = byte; from < end; from += SEARCH_BYTES) {
    checksum = crc32(readRange(scan.files, scan.fd, from, Math.min(end, from + SEARCH_BYTES)), checksum);
  }
  return checksum;
}

/** Whether a sector that these bytes, which begin at `byte` of the file, have part in is all zero. */
function hasLostBlock(bytes: Uint8Array, byte: number): boolean {
  const end = byte + bytes.length;
  for (let from = byte; from < end; from = nextSector(from + 1)) {
    const piece = bytes.subarray(from - byte, Math.min(nextSector(from + 1), end) - byte);
    const least = from === byte ? LEAST_LOST_AT_START_BYTES : LEAST_LOST_BYTES;
    if (piece.length >= least && piece.every((value) => value === 0)) return true;
  }
  return false;
}

/** Whether the few bytes of a frame in the sector in which it ends are all zero, and more than one of them is not as it was. */
function hasLostEnd(frame: Uint8Array, end: number, payloadCrc: number): boolean {
  const bytes = end % SECTOR_BYTES;
  if (bytes >= Math.min(LEAST_LOST_BYTES, frame.length - HEADER_BYTES)) return false;
  const piece = frame.slice(frame.length - bytes);
  if (bytes === 0 || !piece.every((value) => value === 0)) return false;
  const crcBefore = crc32(frame.subarray(HEADER_BYTES, frame.length - bytes));
  for (let at = 0; at < bytes; at++) {
    for (let value = 1; value <= 0xff; value++) {
      piece[at] = value;
      if (crc32(piece, crcBefore) === payloadCrc) return false;
    }
    piece[at] = 0;
  }
  return true;
}

/** Where the first whole frame at or behind `from` begins, whatever its position. */
function findWholeFrame(file: OpenFile, from: number, fileBytes: number): number | undefined {
  const overlap = frameMagic.length - 1;
  for (let start = from; start + HEADER_BYTES < fileBytes; start += SEARCH_BYTES) {
    const bytes = readRange(file.files, file.fd, start, Math.min(fileBytes, start + SEARCH_BYTES + overlap));
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = chunk.indexOf(frameMagic); at >= 0; at = chunk.indexOf(frameMagic, at + 1)) {
      if (isWholeFrame(file, start + at, fileBytes)) return start + at;
    }
  }
  return undefined;
}

function isWholeFrame({ files, fd }: OpenFile, byte: number, fileBytes: number): boolean {
  const header = emptyHeader();
  const bytes = readRange(files, fd, byte, byte + HEADER_BYTES);
  if (bytes.length < HEADER_BYTES || !takeFrameHeader(bytes, 0, header)) return false;
  const payload = byte + HEADER_BYTES;
  const end = payload + header.payloadBytes;
  return end <= fileBytes && crc32(readRange(files, fd, payload, end)) === header.payloadCrc;
}

function emptyHeader(): FrameHeader {
  return { epoch: 0, firstPosition: 0, count: 0, payloadBytes: 0, payloadCrc: 0 };
}

/** The first sector boundary at or behind a byte. */
function nextSector(byte: number): number {
  return Math.ceil(byte / SECTOR_BYTES) * SECTOR_BYTES;
}
