/**
 * The segment that a writer appends to.
 *
 * Owns: its descriptor, where its last frame ends, and how long the file is, which is longer where room was made ahead.
 *
 * 1. Room is zeros, really written and synced together with the frame before them. A frame that fits in it changes neither the file's
 *    length nor where its blocks lie, so its sync waits for its own bytes alone and not for the file system's journal.
 * 2. Room is made behind small frames only, for zeros cost the disk as much as what replaces them: there is never more of it than
 *    there is log before it, but for a few KiB, nor than the segment may hold.
 * 3. A disk that has no room for zeros takes frames as long as it can: they are appended, and fill what room was made before.
 * 4. What is sealed has no room left, durably, so that a segment which others follow, or that was closed, ends with its last frame.
 * 5. The file must bear its name and be as long as it was left: what goes to one that somebody has removed, replaced or cut is lost.
 */
import path from 'node:path';
import { errorCode } from '../../../src/log/message-of.js';
import { LogLostError } from '../../../src/log/port.js';
import { writeAll, writeAllNow, type LogFiles } from '../files.js';
import { HEADER_BYTES } from '../format.js';
import type { OpenSegment } from './segment.js';

const LEAST_ROOM_BYTES = 1 << 12;
const MOST_ROOM_BYTES = 1 << 20;
/** With frames of this size about every sixteenth one would make room, and the disk writes 100 MB a second at most for them. */
const MOST_FRAME_BYTES = 1 << 16;
const zeros = new Uint8Array(MOST_ROOM_BYTES);

export class SegmentFile {
  readonly path: string;
  private readonly number: number;
  private end = HEADER_BYTES;
  private fileBytes = HEADER_BYTES;
  /** Whether another thread is writing: the file may be longer by now. */
  private isGrowing = false;

  /** `mostBytes`: no room is made past this. */
  constructor(
    private readonly files: LogFiles,
    folder: string,
    private readonly segment: OpenSegment,
    private readonly mostBytes: number,
  ) {
    this.path = path.join(folder, segment.file);
    this.number = files.fileOf(segment.fd);
  }

  get file(): string {
    return this.segment.file;
  }

  /** Where the last frame ends. */
  get bytes(): number {
    return this.end;
  }

  /** Writes a frame behind the last one and syncs it, on this thread or on libuv's. Throws what the disk says. */
  append(frame: Uint8Array, isInline: boolean): Promise<void> | void {
    const room = this.roomBehind(frame);
    if (!isInline) return this.appendOverlapped(frame, room);
    const { files } = this;
    const { fd } = this.segment;
    writeAllNow(files, fd, frame, this.end);
    this.advance(frame);
    try {
      writeAllNow(files, fd, room, this.end);
      this.fileBytes = Math.max(this.fileBytes, this.end + room.length);
    } catch (error) {
      this.goOnWhenFull(error);
    }
    files.dataSyncNow(fd);
  }

  /** Invariant 5. Throws LogLostError. */
  mustStand(): void {
    const named = this.files.fileAt(this.path);
    const isThere = named?.file === this.number && named.bytes >= this.fileBytes;
    if (!isThere || (named.bytes > this.fileBytes && !this.isGrowing)) throw lost(this.path);
  }

  /** Invariant 4. */
  async seal(): Promise<void> {
    if (this.fileBytes === this.end) return;
    this.mustStand();
    this.files.truncate(this.segment.fd, this.end);
    this.fileBytes = this.end;
    await this.files.sync(this.segment.fd);
  }

  close(): void {
    this.files.close(this.segment.fd);
  }

  private async appendOverlapped(frame: Uint8Array, room: Uint8Array): Promise<void> {
    const { files } = this;
    const { fd } = this.segment;
    this.isGrowing = true;
    await writeAll(files, fd, frame, this.end);
    this.advance(frame);
    try {
      await writeAll(files, fd, room, this.end);
      this.fileBytes = Math.max(this.fileBytes, this.end + room.length);
    } catch (error) {
      this.goOnWhenFull(error);
    }
    this.isGrowing = false;
    await files.dataSync(fd);
  }

  private advance(frame: Uint8Array): void {
    this.end += frame.length;
    this.fileBytes = Math.max(this.fileBytes, this.end);
  }

  /** The zeros to be written behind a frame: none where it fits in the room that there is, or is large. */
  private roomBehind(frame: Uint8Array): Uint8Array {
    const end = this.end + frame.length;
    if (end <= this.fileBytes || frame.length > MOST_FRAME_BYTES) return zeros.subarray(0, 0);
    const room = Math.min(Math.max(end, LEAST_ROOM_BYTES), MOST_ROOM_BYTES, this.mostBytes - end);
    return zeros.subarray(0, Math.max(0, room));
  }

  /** Invariant 3. Some of the zeros may have been written. */
  private goOnWhenFull(error: unknown): void {
    if (!NO_ROOM.includes(errorCode(error) ?? '')) throw error;
    this.fileBytes = this.files.lengthOf(this.segment.fd);
  }
}

const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

export function lost(file: string): LogLostError {
  return new LogLostError(`${file} was removed, replaced or cut from outside`);
}
