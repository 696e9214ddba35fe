/**
 * What an embedded log looks like on disk. One folder a shard; integers little-endian and unsigned; CRCs are CRC-32 as in zlib
 * and PNG (polynomial 0xEDB88320); both headers are 32 bytes.
 *
 *     <first position, 20 digits>-<epoch, 6 or more digits>.log    a segment: one segment header, then frames back to back, then zeros perhaps
 *     writer-<epoch, 6 or more digits>.json                        a claim: the writer of that epoch has opened the log (claim.ts)
 *     *.tmp, *.cut                                                 a segment being made; what a repair cut off: no part of the log
 *
 * | segment header | bytes | holds                                       |
 * | -------------- | ----- | ------------------------------------------- |
 * | 0              | 8     | 89 50 41 52 4C 45 59 0A ("\x89PARLEY\n")    |
 * | 8              | 4     | format version, 1                           |
 * | 12             | 4     | shard                                       |
 * | 16             | 8     | position of the first event, as in the name |
 * | 24             | 4     | epoch, as in the name                       |
 * | 28             | 4     | CRC of bytes 0 to 27                        |
 *
 * | frame header | bytes | holds                                                                  |
 * | ------------ | ----- | ---------------------------------------------------------------------- |
 * | 0            | 4     | FE 50 46 31                                                            |
 * | 4            | 4     | epoch, as in the segment header                                        |
 * | 8            | 8     | position of the frame's first event: where the frame before it ended   |
 * | 16           | 4     | count of events, 1 or more                                             |
 * | 20           | 4     | length of the payload in bytes, 1 or more                              |
 * | 24           | 4     | CRC of the payload                                                     |
 * | 28           | 4     | CRC of bytes 0 to 27                                                   |
 * | 32           |       | payload: the events' canonical bytes (src/events/catalogue.ts), in order |
 *
 * A frame is a batch: one append, written whole and synced before the next one is begun. A segment is created under another name
 * and renamed once its header is synced, so its header is never torn. Zeros behind the frames are room for the next ones: they are there
 * while a segment is written, and where its writer was killed or taken over from (segments/segment-file.ts).
 *
 * Which frames count. Order the segments by epoch, then by first position, and leave out those that hold a header alone, except the
 * last. The first one begins at position 0. A segment ends where the next one of its epoch begins; the last one of its epoch at the
 * *limit*, the first position of the next newer epoch; the last of all with its last whole frame. Frames at or past the limit were
 * written by a writer that had been fenced: they are no part of the log. tail.ts tells a torn tail, which a crash leaves, from damage.
 */
import { crc32 } from 'node:zlib';

export const HEADER_BYTES = 32;
const FORMAT_VERSION = 1;
const CHECKED_BYTES = HEADER_BYTES - 4;

const segmentMagic = Uint8Array.of(0x89, 0x50, 0x41, 0x52, 0x4c, 0x45, 0x59, 0x0a);
/** FE never occurs in UTF-8, and no byte is zero. */
export const frameMagic = Uint8Array.of(0xfe, 0x50, 0x46, 0x31);
const FRAME_MAGIC_NUMBER = 0x314650fe;

const TWO_TO_32 = 0x1_0000_0000;
/** What the headers have room for. */
export const MAX_EPOCH = TWO_TO_32 - 1;

export interface SegmentName {
  readonly firstPosition: number;
  readonly epoch: number;
}

export interface FrameHeader {
  epoch: number;
  firstPosition: number;
  count: number;
  payloadBytes: number;
  payloadCrc: number;
}

export function segmentFileName({ firstPosition, epoch }: SegmentName): string {
  return `${String(firstPosition).padStart(20, '0')}-${String(epoch).padStart(6, '0')}.log`;
}

/** Undefined for any other file. */
export function parseSegmentFileName(file: string): SegmentName | undefined {
  const match = /^(\d{20})-(\d{6,10})\.log$/.exec(file);
  if (match === null) return undefined;
  const name = { firstPosition: Number(match[1]), epoch: Number(match[2]) };
  return segmentFileName(name) === file ? name : undefined;
}

export function claimFileName(epoch: number): string {
  return `writer-${String(epoch).padStart(6, '0')}.json`;
}

export function parseClaimFileName(file: string): number | undefined {
  const match = /^writer-(\d{6,10})\.json$/.exec(file);
  return match === null ? undefined : Number(match[1]);
}

function view(bytes: Uint8Array, at: number): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES);
}

function setPosition(header: DataView, at: number, position: number): void {
  header.setUint32(at, position % TWO_TO_32, true);
  header.setUint32(at + 4, Math.floor(position / TWO_TO_32), true);
}

function getPosition(header: DataView, at: number): number {
  return header.getUint32(at, true) + TWO_TO_32 * header.getUint32(at + 4, true);
}

function checksum(bytes: Uint8Array, at: number): number {
  return crc32(bytes.subarray(at, at + CHECKED_BYTES));
}

export function segmentHeader(shard: number, name: SegmentName): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  bytes.set(segmentMagic);
  const header = view(bytes, 0);
  header.setUint32(8, FORMAT_VERSION, true);
  header.setUint32(12, shard, true);
  setPosition(header, 16, name.firstPosition);
  header.setUint32(24, name.epoch, true);
  header.setUint32(CHECKED_BYTES, checksum(bytes, 0), true);
  return bytes;
}

/** What is wrong with the header of a segment of this name; undefined when nothing is. */
export function faultOfSegmentHeader(bytes: Uint8Array, shard: number, name: SegmentName): string | undefined {
  if (bytes.length < HEADER_BYTES) return 'the file ends within the segment header';
  const header = view(bytes, 0);
  if (header.getUint32(CHECKED_BYTES, true) !== checksum(bytes, 0)) return 'the segment header does not match its CRC';
  if (segmentMagic.some((byte, at) => bytes[at] !== byte)) return 'this is no segment of a log';
  const version = header.getUint32(8, true);
  if (version !== FORMAT_VERSION) return `format version ${version} is not known, only ${FORMAT_VERSION}`;
  if (header.getUint32(12, true) !== shard) return `this is shard ${header.getUint32(12, true)}, not ${shard}`;
  const said = { firstPosition: getPosition(header, 16), epoch: header.getUint32(24, true) };
  const file = segmentFileName(said);
  return file === segmentFileName(name) ? undefined : `the segment header is that of ${file}`;
}

/** Writes a frame's header, with its CRC, at `at`. */
export function putFrameHeader(bytes: Uint8Array, at: number, frame: Readonly<FrameHeader>): void {
  const header = view(bytes, at);
  header.setUint32(0, FRAME_MAGIC_NUMBER, true);
  header.setUint32(4, frame.epoch, true);
  setPosition(header, 8, frame.firstPosition);
  header.setUint32(16, frame.count, true);
  header.setUint32(20, frame.payloadBytes, true);
  header.setUint32(24, frame.payloadCrc, true);
  header.setUint32(CHECKED_BYTES, checksum(bytes, at), true);
}

/** Reads the frame header at `at`, all of whose bytes are there, into `frame`. False when it is none. */
export function takeFrameHeader(bytes: Uint8Array, at: number, frame: FrameHeader): boolean {
  const header = view(bytes, at);
  if (header.getUint32(0, true) !== FRAME_MAGIC_NUMBER) return false;
  if (header.getUint32(CHECKED_BYTES, true) !== checksum(bytes, at)) return false;
  frame.epoch = header.getUint32(4, true);
  frame.firstPosition = getPosition(header, 8);
  frame.count = header.getUint32(16, true);
  frame.payloadBytes = header.getUint32(20, true);
  frame.payloadCrc = header.getUint32(24, true);
  return true;
}
