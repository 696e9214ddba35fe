import { ByteCursor } from '../../../src/events/bytes.js';
/**
 * An embedded log read by code of its own, from the description of its format alone (infra/embedded/format.ts): what the judge goes
 * by. Nothing is repaired, skipped or guessed.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { decodeEvent } from '../../../src/events/event.js';
import type { EventBatch } from '../../../src/events/fold.js';

const HEADER_BYTES = 32;
const CHECKED_BYTES = 28;
const FRAME_MAGIC = Buffer.from([0xfe, 0x50, 0x46, 0x31]);
const SEGMENT_MAGIC = Buffer.from('\x89PARLEY\n', 'latin1');
const DIGEST_BYTES = 32;

interface Named {
  readonly file: string;
  readonly firstPosition: number;
  readonly epoch: number;
  readonly bytes: Buffer;
}

/** A frame and where it stands. */
export interface FoundFrame {
  readonly start: number;
  readonly end: number;
  readonly epoch: number;
  readonly firstPosition: number;
  readonly count: number;
}

export interface LogAsLeft {
  /** Those that count, in order, as far as they can be read. */
  readonly batches: readonly EventBatch[];
  /** The digests that the batches were sealed with, by the position after each. */
  readonly digests: ReadonlyMap<number, string>;
  readonly head: number;
  /** Why this is no log that writers and crashes alone can have left; undefined where it may be one. */
  readonly broken: string | undefined;
  readonly segments: readonly string[];
}

/** The log in a folder; an empty one where there is none. */
export function readLogIn(folder: string): LogAsLeft {
  const named = segmentsIn(folder);
  const reader = new Reader(
    named.filter(({ bytes }, index) => bytes.length !== HEADER_BYTES || index === named.length - 1),
  );
  const broken = reader.read();
  const { batches } = reader;
  const digests = new Map<number, string>();
  const unsealed = broken ?? sealsOf(batches, digests);
  return { batches, digests, head: reader.head, broken: unsealed, segments: named.map(({ file }) => file) };
}

class Reader {
  readonly batches: EventBatch[] = [];
  head = 0;

  constructor(private readonly segments: readonly Named[]) {}

  /** Reads all. Returns why not, where it cannot. */
  read(): string | undefined {
    for (const [index, segment] of this.segments.entries()) {
      const broken = this.readSegment(segment, this.segments[index + 1]);
      if (broken !== undefined) return `${segment.file}: ${broken}`;
    }
    return undefined;
  }

  private readSegment(segment: Named, next: Named | undefined): string | undefined {
    const { bytes, epoch, firstPosition } = segment;
    if (firstPosition !== this.head) return `it begins at ${firstPosition}, and what is before it ends at ${this.head}`;
    const fault = faultOfHeader(segment);
    if (fault !== undefined) return fault;
    const end = next?.firstPosition ?? Infinity;
    let at = HEADER_BYTES;
    while (this.head < end) {
      const frame = frameAt(bytes, at);
      if (frame?.epoch !== epoch || frame.firstPosition !== this.head) break;
      if (frame.firstPosition + frame.count > end) return `a frame goes past ${end}, where the next segment begins`;
      this.batches.push(batchOf(bytes, frame));
      this.head += frame.count;
      at = frame.end;
    }
    return at === bytes.length ? undefined : restOf(segment, at, next);
  }
}

/** What stands behind the last frame that counts: a fenced writer's, what a crash may leave, or neither. */
function restOf({ bytes, epoch }: Named, at: number, next: Named | undefined): string | undefined {
  if (next !== undefined) return next.epoch === epoch ? `more than frames at byte ${at}` : undefined;
  for (let magic = bytes.indexOf(FRAME_MAGIC, at); magic >= 0; magic = bytes.indexOf(FRAME_MAGIC, magic + 1)) {
    if (frameAt(bytes, magic) !== undefined) return `at byte ${at} stands no frame, at byte ${magic} a whole one`;
  }
  return undefined;
}

function faultOfHeader({ bytes, firstPosition, epoch }: Named): string | undefined {
  if (bytes.length < HEADER_BYTES) return 'the header is short';
  const isWhole =
    bytes.subarray(0, SEGMENT_MAGIC.length).equals(SEGMENT_MAGIC) &&
    bytes.readUInt32LE(CHECKED_BYTES) === crc32(bytes.subarray(0, CHECKED_BYTES));
  if (!isWhole) return 'the header is not whole';
  const isOwn = Number(bytes.readBigUInt64LE(16)) === firstPosition && bytes.readUInt32LE(24) === epoch;
  return isOwn ? undefined : 'the header is that of another segment';
}

/** The whole frame that begins there, if one does. */
function frameAt(bytes: Buffer, start: number): FoundFrame | undefined {
  if (start + HEADER_BYTES > bytes.length) return undefined;
  const header = bytes.subarray(start, start + HEADER_BYTES);
  if (!header.subarray(0, FRAME_MAGIC.length).equals(FRAME_MAGIC)) return undefined;
  if (header.readUInt32LE(CHECKED_BYTES) !== crc32(header.subarray(0, CHECKED_BYTES))) return undefined;
  const end = start + HEADER_BYTES + header.readUInt32LE(20);
  if (end > bytes.length || crc32(bytes.subarray(start + HEADER_BYTES, end)) !== header.readUInt32LE(24))
    return undefined;
  const [epoch, count] = [header.readUInt32LE(4), header.readUInt32LE(16)];
  return { start, end, epoch, firstPosition: Number(header.readBigUInt64LE(8)), count };
}

/** The frames of a segment's bytes, back to back from its beginning, as far as they are whole. */
export function framesOf(bytes: Buffer): FoundFrame[] {
  const frames: FoundFrame[] = [];
  for (let frame = frameAt(bytes, HEADER_BYTES); frame !== undefined; frame = frameAt(bytes, frame.end))
    frames.push(frame);
  return frames;
}

export function batchesOf(bytes: Buffer): EventBatch[] {
  return framesOf(bytes).map((frame) => batchOf(bytes, frame));
}

function batchOf(bytes: Buffer, { start, end, firstPosition, count }: FoundFrame): EventBatch {
  return { firstPosition, count, bytes: bytes.subarray(start + HEADER_BYTES, end) };
}

/** Fills in the digests. Returns why a batch is not the one that was sealed after those before it. */
function sealsOf(batches: readonly EventBatch[], digests: Map<number, string>): string | undefined {
  let digest: Uint8Array = new Uint8Array(DIGEST_BYTES);
  for (const { bytes, count, firstPosition } of batches) {
    const cursor = new ByteCursor(bytes);
    for (let event = 0; event < count - 1; event++) decodeEvent(cursor);
    const expected = createHash('sha256').update(digest).update(bytes.subarray(0, cursor.at)).digest();
    digest = bytes.subarray(-DIGEST_BYTES);
    if (!expected.equals(digest)) return `the batch at ${firstPosition} was sealed after others than those before it`;
    digests.set(firstPosition + count, expected.toString('hex'));
  }
  return undefined;
}

/** The segments by epoch, then by first position. */
function segmentsIn(folder: string): Named[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const named = names.flatMap((file): Named[] => {
    const [, position, epoch] = /^(\d{20})-(\d{6,10})\.log$/.exec(file) ?? [];
    if (position === undefined) return [];
    return [
      { file, firstPosition: Number(position), epoch: Number(epoch), bytes: fs.readFileSync(path.join(folder, file)) },
    ];
  });
  return named.sort((one, other) => one.epoch - other.epoch || one.firstPosition - other.firstPosition);
}
