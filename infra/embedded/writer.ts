/**
 * The writer of an embedded log.
 *
 * Owns: the newest segment (segment-file.ts), the head, and the lock.
 *
 * 1. One append at a time, each one a single frame behind the last one, written and synced before the promise settles. So of all
 *    that was ever written only the last frame can be torn or not durable.
 * 2. `appended` is said only when, after the sync, there is no claim of the next epoch (claim.ts tells why that is enough).
 * 3. `fenced` is said only when that claim was there before anything of the frame was written. A claim that turns up later makes it
 *    `unknown`: the newer writer may have found the frame, or may not.
 * 4. After a failed write or sync nothing is written or synced again: pages whose sync failed may count as clean. The next writer
 *    writes the last frame once more before it relies on it (opening.ts).
 * 5. `appended` is said only when the segment bears its name and is as long as it must be, before the write and after the sync.
 */
import { crc32 } from 'node:zlib';
import { DIGEST_BYTES, toHex } from '../../src/events/bytes.js';
import { type AppendOutcome, LogLockedError, type SealedBatch } from '../../src/log/port.js';
import { asError } from '../../src/log/message-of.js';
import { SerialWriter } from '../../src/log/serial-writer.js';
import { namedFiles } from './segments/segments.js';
import { isFenced, noteInClaim } from './claims/claim.js';
import { claimPath, type Reach } from './claims/claim-notes.js';
import type { LogFiles } from './files.js';
import { HEADER_BYTES, putFrameHeader } from './format.js';
import type { FolderLock } from './host.js';
import { withdraw, type LiveWriter } from './claims/live-writers.js';
import type { LogPlace } from './log-place.js';
import type { Logger } from '../../src/resilience/logger.js';
import { createSegment, type OpenSegment } from './segments/segment.js';
import { lost, SegmentFile } from './segments/segment-file.js';

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
  private segment: SegmentFile;
  /** Of the segments before it, by path, how long they are at least. */
  private readonly finished: Map<string, number>;
  private digest: string | undefined;
  private frames = 0;

  constructor(private readonly parts: WriterParts) {
    super();
    const { files, folder, segment } = parts;
    this.segment = this.begin(segment);
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
    this.segment.mustStand();
    for (const [file, bytes] of this.finished) if ((files.lengthAt(file) ?? 0) < bytes) throw lost(file);
    const claim = claimPath(folder, this.epoch);
    if (files.lengthAt(claim) === undefined) throw lost(claim);
  }

  protected async store(batch: SealedBatch): Promise<AppendOutcome> {
    const { files, folder, live, index } = this.parts;
    if (isFenced(files, folder, live.epoch)) return this.stop('fenced', new Error('a newer writer has taken over'));
    try {
      const frame = this.frameOf(batch);
      const { segmentBytes, inlineBytes } = this.parts;
      if (this.frames > 0 && this.segment.bytes + frame.length > segmentBytes) await this.roll();
      const { segment } = this;
      segment.mustStand();
      await segment.append(frame, frame.length <= inlineBytes);
      if (isFenced(files, folder, live.epoch))
        throw new Error('a newer writer took over while the batch was being written');
      segment.mustStand();
      index.note(segment.file, segment.bytes - frame.length, this.frames, live.head);
      this.frames++;
      this.digest = toHex(batch.buffer.subarray(batch.end - DIGEST_BYTES, batch.end));
    } catch (error) {
      return this.stop('unknown', asError(error));
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

  private begin(segment: OpenSegment): SegmentFile {
    const { files, folder, segmentBytes } = this.parts;
    return new SegmentFile(files, folder, segment, segmentBytes);
  }

  private async roll(): Promise<void> {
    const { files, folder, shard } = this.parts;
    const full = this.segment;
    await full.seal();
    const next = await createSegment(files, folder, shard, { firstPosition: this.head, epoch: this.epoch });
    full.close();
    this.finished.set(full.path, full.bytes);
    this.segment = this.begin(next);
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
    const { folderKey, live, lock } = this.parts;
    if (this.verdict === undefined) await this.sealQuietly();
    this.segment.close();
    await this.noteEnd();
    if (this.verdict !== 'unknown') withdraw(folderKey, live);
    await lock?.release();
  }

  /** Readers stop before the room that is left all the same. */
  private async sealQuietly(): Promise<void> {
    try {
      await this.segment.seal();
    } catch (error) {
      const { log, shard } = this.parts;
      log?.warn({ shard, file: this.segment.file, err: error }, 'the room behind the last frame could not be cut off');
    }
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

function lengthsOf(files: LogFiles, folder: string, but: string): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const { file, path: each } of namedFiles(files, folder)) {
    const bytes = files.lengthAt(each) ?? 0;
    if (file !== but && bytes > HEADER_BYTES) lengths.set(each, bytes);
  }
  return lengths;
}
