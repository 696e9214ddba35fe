/**
 * Reads the frames of one segment file, in order, through a buffer that it uses again and again.
 *
 * Owns: the file descriptor and the buffer. `place` is where the next frame begins; all before it has been found whole.
 *
 * 1. A frame is given out only when its header and its payload match their CRCs and its epoch and position follow from the last.
 * 2. `step` never waits; `fill` alone reads the disk. Bytes that were not there yet may be asked for again.
 */
import { crc32 } from 'node:zlib';
import { DamagedLogError } from '../../../src/log/port.js';
import type { EventBatch } from '../../../src/events/fold.js';
import type { Segment } from './segments.js';
import { readRange, type LogFiles } from '../files.js';
import { faultOfSegmentHeader, frameMagic, HEADER_BYTES, takeFrameHeader, type FrameHeader } from '../format.js';

/**
 * How much is read at a time where there is so much, and how much at first: followers near the head are many, and most of what they would
 * read there is room that was made ahead.
 */
const CHUNK_BYTES = 1 << 20;
const FIRST_CHUNK_BYTES = 1 << 16;

/** A whole frame, and where it stands. */
export interface Frame extends EventBatch {
  readonly file: string;
  readonly epoch: number;
  readonly byte: number;
  /** Counts from 0 within its file. */
  readonly frame: number;
  /** Bytes in the file, header included. */
  readonly frameBytes: number;
  /** True for what a fenced writer left: no part of the log. */
  readonly ignored: boolean;
}

/** Where a frame begins. */
export interface Place {
  readonly byte: number;
  readonly frame: number;
  readonly position: number;
}

/**
 * `short`: the buffer does not hold all of it. `unwritten`: there are zeros in its place. `bad`: what stands there is not the frame that
 * must come next.
 */
export type Step = 'frame' | 'short' | 'unwritten' | 'bad';

export class SegmentReader {
  private buffer = unsetBytes(FIRST_CHUNK_BYTES);
  /** The file's byte that stands first in the buffer, and how many of the buffer's bytes are the file's. */
  private bufferByte = HEADER_BYTES;
  private filled = 0;
  private chunkBytes = FIRST_CHUNK_BYTES;
  private readonly header: FrameHeader = { epoch: 0, firstPosition: 0, count: 0, payloadBytes: 0, payloadCrc: 0 };
  private byte = HEADER_BYTES;
  private frame = 0;
  private position: number;

  private constructor(
    readonly files: LogFiles,
    readonly segment: Segment,
    readonly fd: number,
  ) {
    this.position = segment.firstPosition;
  }

  /** Opens the segment and checks its header. Throws DamagedLogError. */
  static open(files: LogFiles, segment: Segment, shard: number): SegmentReader {
    const fd = files.open(segment.path, 'r');
    try {
      const fault = faultOfSegmentHeader(readRange(files, fd, 0, HEADER_BYTES), shard, segment);
      if (fault !== undefined) throw new DamagedLogError(fault, { file: segment.file, byte: 0, frame: 0 });
      return new SegmentReader(files, segment, fd);
    } catch (error) {
      files.close(fd);
      throw error;
    }
  }

  get place(): Place {
    return { byte: this.byte, frame: this.frame, position: this.position };
  }

  /** Position of the frame that comes next. */
  get nextPosition(): number {
    return this.position;
  }

  get nextByte(): number {
    return this.byte;
  }

  /** True when the buffer holds nothing behind the last step, or zeros. */
  get isBufferUsedUp(): boolean {
    const at = this.byte - this.bufferByte;
    return at === this.filled || this.buffer[at] === 0;
  }

  /** Whether the file, as it is now, has the beginning of a frame at `byte`: anything but its end, or zeros. */
  isWritten(byte = this.byte): boolean {
    return isWritten(readRange(this.files, this.fd, byte, byte + frameMagic.length));
  }

  /** The file's length in bytes, as it is now. */
  get fileBytes(): number {
    return this.files.lengthOf(this.fd);
  }

  /** Goes on from a place that this file is known to have. */
  goTo(place: Place): void {
    ({ byte: this.byte, frame: this.frame, position: this.position } = place);
    this.chunkBytes = FIRST_CHUNK_BYTES;
    this.forgetBuffer();
  }

  /** Undoes the step that was just made. */
  stepBack(): void {
    this.byte -= HEADER_BYTES + this.header.payloadBytes;
    this.frame--;
    this.position -= this.header.count;
    this.forgetBuffer();
  }

  /** Steps over the next frame. The payload of one that ends at or before position `from` is neither read nor checked. */
  step(from = 0): Step {
    const at = this.byte - this.bufferByte;
    if (at + HEADER_BYTES > this.filled) return 'short';
    const header = this.header;
    if (!takeFrameHeader(this.buffer, at, header)) return isWritten(this.buffer.subarray(at)) ? 'bad' : 'unwritten';
    if (!this.follows(header)) return 'bad';
    const end = at + HEADER_BYTES + header.payloadBytes;
    if (this.position + header.count > from) {
      if (end > this.filled) return 'short';
      if (crc32(this.buffer.subarray(at + HEADER_BYTES, end)) !== header.payloadCrc) return 'bad';
    } else if (end > this.filled && this.bufferByte + end > this.fileBytes) return 'short';
    this.byte = this.bufferByte + end;
    this.frame++;
    this.position += header.count;
    if (end > this.filled) this.forgetBuffer();
    return 'frame';
  }

  /** The frame that was just verified. Its memory is used again by the next `fill`. */
  current(ignored: boolean): Frame {
    const { count, payloadBytes } = this.header;
    const end = this.byte - this.bufferByte;
    return {
      firstPosition: this.position - count,
      count,
      bytes: this.buffer.subarray(end - payloadBytes, end),
      file: this.segment.file,
      epoch: this.segment.epoch,
      byte: this.byte - payloadBytes - HEADER_BYTES,
      frame: this.frame - 1,
      frameBytes: payloadBytes + HEADER_BYTES,
      ignored,
    };
  }

  /** Reads on after what the buffer holds. Resolves to the number of bytes that were there: 0 at the end of the file. */
  async fill(): Promise<number> {
    const missing = this.makeRoom() - this.filled;
    if (missing <= 0) return 0;
    const bytes = await this.files.read(this.fd, this.buffer, this.filled, missing, this.bufferByte + this.filled);
    this.filled += bytes;
    this.chunkBytes = Math.min(2 * this.chunkBytes, CHUNK_BYTES);
    return bytes;
  }

  close(): void {
    this.files.close(this.fd);
  }

  private follows(header: FrameHeader): boolean {
    return (
      header.epoch === this.segment.epoch &&
      header.firstPosition === this.position &&
      header.count > 0 &&
      header.payloadBytes > 0
    );
  }

  private forgetBuffer(): void {
    this.bufferByte = this.byte;
    this.filled = 0;
  }

  /**
   * Moves what is left to the buffer's beginning, and makes the buffer large enough for the frame that comes next. Returns how much of it
   * is to be filled.
   */
  private makeRoom(): number {
    const left = this.buffer.subarray(this.byte - this.bufferByte, this.filled);
    const known = left.length >= HEADER_BYTES && takeFrameHeader(left, 0, this.header);
    const frameBytes = known ? HEADER_BYTES + this.header.payloadBytes : 0;
    const wanted = Math.min(Math.max(frameBytes, this.chunkBytes), this.fileBytes - this.byte);
    if (wanted > this.buffer.length) {
      const larger = unsetBytes(Math.max(wanted, Math.min(2 * this.buffer.length, CHUNK_BYTES)));
      larger.set(left);
      this.buffer = larger;
    } else {
      this.buffer.copyWithin(0, this.byte - this.bufferByte, this.filled);
    }
    this.filled = left.length;
    this.bufferByte = this.byte;
    return wanted;
  }
}

/** Whether these bytes begin with anything but as many zeros as a frame's magic has bytes, none of which is one. */
function isWritten(bytes: Uint8Array): boolean {
  return bytes.subarray(0, frameMagic.length).some((value) => value !== 0);
}

/** Neither zeroed nor a Buffer, whose views cost more. */
function unsetBytes(count: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(count).buffer);
}
