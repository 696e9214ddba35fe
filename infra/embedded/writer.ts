/**
 * The writer of an embedded log.
 *
 * Owns: the file descriptor of the newest segment, its length, the head, and the lock.
 *
 * 1. One append at a time, each one a single frame at the end of the file, written and synced before the promise settles. So of all
 *    that was ever written only the last frame can be torn or not durable.
 * 2. `appended` is said only when, after the sync, there is no claim of the next epoch (claim.ts tells why that is enough).
 * 3. `fenced` is said only when that claim was there before anything of the frame was written. A claim that turns up later makes it
 *    `unknown`: the newer writer may have found the frame, or may not.
 * 4. After a failed write or sync nothing is written or synced again: pages whose sync failed may count as clean. The next writer
 *    writes the last frame once more before it relies on it (opening.ts).
 * 5. `appended` is said only when the segment bears its name and ends where it must, before the write and after the sync: what goes to
 *    a file that somebody has removed, replaced or cut is lost.
 */
import { crc32 } from 'node:zlib';
import path from 'node:path';
import { DIGEST_BYTES, toHex } from '../../src/events/bytes.js';
import { type AppendOutcome, LogLockedError, LogLostError, type SealedBatch } from '../../src/log/port.js';
import { asError } from '../../src/log/message-of.js';
import { SerialWriter } from '../../src/log/serial-writer.js';
import { namedFiles } from './segments/segments.js';
import { isFenced, noteInClaim } from './claims/claim.js';
import { claimPath, type Reach } from './claims/claim-notes.js';
import { writeAll, writeAllNow, type LogFiles } from './files.js';
import { HEADER_BYTES, putFrameHeader } from './format.js';
import type { FolderLock } from './host.js';
import { withdraw, type LiveWriter } from './claims/live-writers.js';
import type { LogPlace } from './log-place.js';
import type { Logger } from '../../src/resilience/logger.js';
import { createSegment, type OpenSegment } from './segments/segment.js';

export interface WriterParts extends LogPlace {
  readonly folderKey: string;
  readonly segmentBytes: number;
  /** Frames up to this size are written and synced on this thread, larger ones on libuv's. */
  readonly inlineBytes: number;
  readonly live: LiveWriter;
  readonly lock: FolderLock | undefined;
  readonly log: Logger | undefined;
  readonly segment: OpenSegment;
}

export class EmbeddedWriter extends SerialWriter {
  private segment: OpenSegment;
  private segmentPath: string;
  private segmentFile: number;
  private segmentBytes = HEADER_BYTES;
  /** Of the segments before it, by path, how long they are at least. */
  private readonly finished: Map<string, number>;
  private digest: string | undefined;
  private frames = 0;

  constructor(private readonly parts: WriterParts) {
    super();
    const { files, folder, segment } = parts;
    this.segment = segment;
    this.segmentPath = path.join(folder, segment.file);
    this.segmentFile = files.fileOf(segment.fd);
    this.finished = lengthsOf(files, folder, segment.file);
  }

  get epoch(): number {
    return this.parts.live.epoch;
  }

  get head(): number {
    return this.parts.live.head;
  }

  async verify(): Promise<void> {
    const { files, folder } = this.parts;
    if (this.verdict !== undefined || this.closing !== undefined) return;
    if (isFenced(files, folder, this.epoch)) throw new LogLockedError(`${folder}: a newer writer has taken over`);
    const { segmentPath, segmentFile, segmentBytes } = this;
    const named = files.fileAt(segmentPath);
    if (named?.file !== segmentFile || named.bytes < segmentBytes) throw lost(segmentPath);
    for (const [file, bytes] of this.finished) if ((files.lengthAt(file) ?? 0) < bytes) throw lost(file);
    const claim = claimPath(folder, this.epoch);
    if (files.lengthAt(claim) === undefined) throw lost(claim);
  }

  protected async store(batch: SealedBatch): Promise<AppendOutcome> {
    const { files, folder, live, index } = this.parts;
    if (isFenced(files, folder, live.epoch)) return this.stop('fenced', new Error('a newer writer has taken over'));
    try {
      const frame = this.frameOf(batch);
      if (this.frames > 0 && this.segmentBytes + frame.length > this.parts.segmentBytes) await this.roll();
      this.mustEndAt(this.segmentBytes);
      await this.write(frame);
      if (isFenced(files, folder, live.epoch))
        throw new Error('a newer writer took over while the batch was being written');
      this.mustEndAt(this.segmentBytes + frame.length);
      index.note(this.segment.file, this.segmentBytes, this.frames, live.head);
      this.segmentBytes += frame.length;
      this.frames++;
      this.digest = toHex(batch.buffer.subarray(batch.end - DIGEST_BYTES, batch.end));
    } catch (error) {
      return this.stop('unknown', asError(error));
    }
    live.advance(live.head + batch.count);
    return 'appended';
  }

  /** Invariant 5. */
  private mustEndAt(bytes: number): void {
    const named = this.parts.files.fileAt(this.segmentPath);
    if (named?.file !== this.segmentFile || named.bytes !== bytes) throw lost(this.segmentPath);
  }

  /** The frame's bytes: the header is built in the headroom before the batch. */
  private frameOf(batch: SealedBatch): Uint8Array {
    const payload = batch.buffer.subarray(batch.start, batch.end);
    const at = batch.start - HEADER_BYTES;
    putFrameHeader(batch.buffer, at, {
      epoch: this.epoch,
      firstPosition: batch.firstPosition,
      count: batch.count,
      payloadBytes: payload.length,
      payloadCrc: crc32(payload),
    });
    return batch.buffer.subarray(at, batch.end);
  }

  private write(frame: Uint8Array): Promise<void> | void {
    const { files, inlineBytes } = this.parts;
    if (frame.length > inlineBytes) return this.writeOverlapped(frame);
    writeAllNow(files, this.segment.fd, frame, this.segmentBytes);
    files.dataSyncNow(this.segment.fd);
  }

  private async writeOverlapped(frame: Uint8Array): Promise<void> {
    const { files } = this.parts;
    await writeAll(files, this.segment.fd, frame, this.segmentBytes);
    await files.dataSync(this.segment.fd);
  }

  private async roll(): Promise<void> {
    const { files, folder, shard } = this.parts;
    const full = this.segment;
    this.segment = await createSegment(files, folder, shard, { firstPosition: this.head, epoch: this.epoch });
    files.close(full.fd);
    this.finished.set(this.segmentPath, this.segmentBytes);
    this.segmentPath = path.join(folder, this.segment.file);
    this.segmentFile = files.fileOf(this.segment.fd);
    this.segmentBytes = HEADER_BYTES;
    this.frames = 0;
    await noteInClaim(files, folder, this.epoch, { segment: this.segment.file });
  }

  private stop(verdict: 'fenced' | 'unknown', cause: Error): AppendOutcome {
    const { log, shard } = this.parts;
    return this.end(verdict, cause, log, { shard, epoch: this.epoch, head: this.head, file: this.segment.file });
  }

  /** Waits for the append under way, and releases the file and the lock. */
  protected async release(): Promise<void> {
    await this.appending?.catch(() => undefined);
    const { files, folderKey, live, lock } = this.parts;
    files.close(this.segment.fd);
    await this.noteEnd();
    if (this.verdict !== 'unknown') withdraw(folderKey, live);
    await lock?.release();
  }

  /** What was acknowledged, so that a log that is cut is known to have been longer. Who cannot write it down has lost nothing. */
  private async noteEnd(): Promise<void> {
    const { files, folder, live, log } = this.parts;
    const { digest } = this;
    const closed: Reach = digest === undefined ? { head: live.head } : { head: live.head, digest };
    try {
      await noteInClaim(files, folder, live.epoch, { closed });
    } catch (error) {
      log?.warn({ shard: this.parts.shard, err: error }, 'how far the log reaches could not be noted in its claim');
    }
  }
}

function lost(file: string): LogLostError {
  return new LogLostError(`${file} was removed, replaced or cut from outside`);
}

function lengthsOf(files: LogFiles, folder: string, but: string): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const { file, path: each } of namedFiles(files, folder)) {
    const bytes = files.lengthAt(each) ?? 0;
    if (file !== but && bytes > HEADER_BYTES) lengths.set(each, bytes);
  }
  return lengths;
}
