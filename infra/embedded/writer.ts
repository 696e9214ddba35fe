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
 */
import { crc32 } from 'node:zlib';
import { type AppendOutcome, type LogWriter, type SealedBatch, mustBeNext } from '../../src/log/port.js';
import { isFenced } from './claim.js';
import { writeAll, writeAllNow, type LogFiles } from './files.js';
import { HEADER_BYTES, putFrameHeader } from './format.js';
import type { FolderLock } from './host.js';
import type { Landmarks } from './landmarks.js';
import { withdraw, type LiveWriter } from './live-writers.js';
import type { LogSink } from '../../src/log/log-sink.js';
import { createSegment, type OpenSegment } from './segment.js';

export interface WriterParts {
  readonly files: LogFiles;
  readonly folder: string;
  readonly folderKey: string;
  readonly shard: number;
  readonly segmentBytes: number;
  /** Frames up to this size are written and synced on this thread, larger ones on libuv's. */
  readonly inlineBytes: number;
  readonly landmarks: Landmarks;
  readonly live: LiveWriter;
  readonly lock: FolderLock | undefined;
  readonly log: LogSink | undefined;
  readonly segment: OpenSegment;
}

export class EmbeddedWriter implements LogWriter {
  private readonly parts: WriterParts;
  private segment: OpenSegment;
  private segmentBytes = HEADER_BYTES;
  private frames = 0;
  /** The append under way. */
  private appending: Promise<AppendOutcome> | undefined;
  /** What every append from now on gets. */
  private verdict: 'fenced' | 'unknown' | undefined;
  private cause: Error | undefined;
  private closing: Promise<void> | undefined;

  constructor(parts: WriterParts) {
    this.parts = parts;
    this.segment = parts.segment;
  }

  get epoch(): number {
    return this.parts.live.epoch;
  }

  get head(): number {
    return this.parts.live.head;
  }

  get failure(): Error | undefined {
    return this.cause;
  }

  /** Rejects only for a caller's mistake: two at once, a batch that does not begin at the head, a writer that was closed. */
  async append(batch: SealedBatch): Promise<AppendOutcome> {
    this.check(batch);
    if (this.verdict !== undefined) return this.verdict;
    this.appending = this.appendFrame(batch);
    try {
      return await this.appending;
    } finally {
      this.appending = undefined;
    }
  }

  /** Waits for the append under way, lets go of the file and of the lock. May be called again. */
  close(): Promise<void> {
    this.closing ??= this.release();
    return this.closing;
  }

  private check(batch: SealedBatch): void {
    if (this.closing !== undefined) throw new Error('the log has been closed');
    if (this.appending !== undefined) throw new Error('an append is still under way');
    mustBeNext(batch, this.head);
  }

  private async appendFrame(batch: SealedBatch): Promise<AppendOutcome> {
    const { files, folder, live, landmarks } = this.parts;
    if (isFenced(files, folder, live.epoch)) return this.stop('fenced', new Error('a newer writer has taken over'));
    try {
      const frame = this.frameOf(batch);
      if (this.frames > 0 && this.segmentBytes + frame.length > this.parts.segmentBytes) await this.roll();
      await this.write(frame);
      if (isFenced(files, folder, live.epoch))
        throw new Error('a newer writer took over while the batch was being written');
      landmarks.note(this.segment.file, this.segmentBytes, this.frames, live.head);
      this.segmentBytes += frame.length;
      this.frames++;
    } catch (error) {
      return this.stop('unknown', error instanceof Error ? error : new Error(String(error)));
    }
    live.advance(live.head + batch.count);
    return 'appended';
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
    this.segmentBytes = HEADER_BYTES;
    this.frames = 0;
    files.close(full.fd);
  }

  private stop(verdict: 'fenced' | 'unknown', cause: Error): AppendOutcome {
    const { log, shard } = this.parts;
    this.verdict = verdict;
    if (verdict === 'unknown') this.cause = cause;
    const details = { shard, epoch: this.epoch, head: this.head, file: this.segment.file, err: cause };
    log?.error(details, verdict === 'fenced' ? 'fenced' : 'an append failed: open the log again and replay');
    return verdict;
  }

  private async release(): Promise<void> {
    await this.appending?.catch(() => undefined);
    const { files, folderKey, live, lock } = this.parts;
    files.close(this.segment.fd);
    if (this.verdict !== 'unknown') withdraw(folderKey, live);
    await lock?.release();
  }
}
