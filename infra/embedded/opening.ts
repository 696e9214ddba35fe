/**
 * Opening a log for writing.
 *
 * 1. Damage is looked for before anything is changed: where the end of the log is damaged, nothing is. Nor where there is no room left
 *    for a claim and a segment, or where `admit` refuses the log as it stands.
 * 2. The claim is durable before the end is looked for the second time, and that second look decides where this epoch begins.
 * 3. All that the epoch builds on is durable before its first segment is created: a torn tail is cut back and the cut synced; the last
 *    frame is written again, byte for byte, and synced, for a writer that died may not have synced it, or have seen its sync fail,
 *    which can leave bytes that read well but are not on the disk. All frames before that one were synced by their writers.
 * 4. The writer exists only if, after its segment was created, there is still no newer claim: a newer writer then finds the segment.
 * 5. With the lock held no other live writer is there, so the tail may be cut. When taking over it may not: the old writer may still
 *    be writing. What it leaves behind the new epoch's first position is ignored by every reader.
 *
 * Only the last segments are read, back to one that holds a frame: readers check what they read.
 */
import path from 'node:path';
import { DamagedEventError } from '../../src/events/bytes.js';
import { digestBefore } from '../../src/log/evidence.js';
import { type Admit, type FoundLog, LogLockedError } from '../../src/log/port.js';
import { namesIn, newestEpoch, readChain } from './segments/segments.js';
import { claimEvidence } from './claims/claim-evidence.js';
import { claimEpoch, giveUpEpoch, isFenced, noteInClaim } from './claims/claim.js';
import type { Reach } from './claims/claim-notes.js';
import { makeFolders, readRange, syncFolder, writeAll, type LogFiles } from './files.js';
import { HEADER_BYTES } from './format.js';
import type { FolderLock, LogHost } from './host.js';
import { announce, LiveWriter, withdraw } from './claims/live-writers.js';
import { findEnd, type LogEnd } from './segments/log-end.js';
import type { LogPlace } from './log-place.js';
import type { Logger } from '../../src/resilience/logger.js';
import { createSegment } from './segments/segment.js';
import { EmbeddedWriter } from './writer.js';

export interface OpeningOptions extends LogPlace {
  readonly host: LogHost;
  readonly segmentBytes: number;
  readonly inlineBytes: number;
  readonly takeOver: boolean;
  readonly log: Logger | undefined;
  /** Sees the log as it stands before it is claimed, and may refuse it. */
  readonly admit: Admit | undefined;
  /** The same log with all that was written to it, also what its next writer has yet to decide on. */
  readonly asFound: FoundLog['log'];
  /** Epochs that were claimed through this log before, with whatever outcome. */
  readonly ownEpochs: Set<number>;
}

const ROOM_BYTES = 1 << 16;

export async function openForWriting(options: OpeningOptions): Promise<EmbeddedWriter> {
  const { files, folder, host } = options;
  for (const made of makeFolders(files, folder)) await syncFolder(files, path.dirname(made));
  const lock = await lockUnlessTakingOver(options);
  try {
    const evidence = claimEvidence(files, folder);
    const before = await findEnd(options, undefined);
    await mustHaveRoom(files, folder);
    const newest = newestEpoch(namesIn(files, folder), options.ownEpochs);
    await options.admit?.({ log: options.asFound, head: before.head, epoch: newest, evidence });
    const epoch = await claimEpoch(files, folder, host, await reachOf(options, before));
    options.ownEpochs.add(epoch);
    try {
      return await openEpoch(options, lock, epoch, before);
    } catch (error) {
      giveUpQuietly(options, epoch);
      throw error;
    }
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

async function openEpoch(
  options: OpeningOptions,
  lock: FolderLock | undefined,
  epoch: number,
  before: LogEnd,
): Promise<EmbeddedWriter> {
  const { files, folder, shard, log } = options;
  const end = await findEnd(options, before.lastFrame?.firstPosition);
  await makeDurable(options, end);
  const key = files.keyOf(folder) ?? folder;
  const live = new LiveWriter(epoch, end.head);
  announce(key, live);
  try {
    const segment = await createSegment(files, folder, shard, { firstPosition: end.head, epoch });
    try {
      if (isFenced(files, folder, epoch)) {
        throw new LogLockedError(`${folder}: a newer writer took over while epoch ${epoch} was being opened`);
      }
      await noteInClaim(files, folder, epoch, { segment: segment.file });
      const writer = new EmbeddedWriter({ ...options, folderKey: key, live, lock, segment });
      log?.info({ shard, epoch, head: end.head, file: segment.file }, 'log opened for writing');
      return writer;
    } catch (error) {
      files.close(segment.fd);
      files.remove(path.join(folder, segment.file));
      throw error;
    }
  } catch (error) {
    withdraw(key, live);
    throw error;
  }
}

/** What is durable of a log for certain: its last frame may not be (invariant 3). */
async function reachOf({ asFound }: OpeningOptions, { lastFrame }: LogEnd): Promise<Reach> {
  const head = lastFrame?.firstPosition ?? 0;
  try {
    const digest = await digestBefore(asFound, head);
    return digest === '' ? { head } : { head, digest };
  } catch (error) {
    if (error instanceof DamagedEventError) return { head }; // not this log's business: it keeps bytes
    throw error;
  }
}

/** A claim and a segment are small. On a full disk they would fail one by one, and leave something behind at each try. */
async function mustHaveRoom(files: LogFiles, folder: string): Promise<void> {
  const room = path.join(folder, 'room.tmp');
  const fd = files.open(room, 'w');
  try {
    await writeAll(files, fd, new Uint8Array(ROOM_BYTES), 0);
    await files.sync(fd);
  } finally {
    files.close(fd);
    files.remove(room);
  }
}

/** Who takes over has the lock too if it is free, so that the next one that comes is refused. */
async function lockUnlessTakingOver(options: OpeningOptions): Promise<FolderLock | undefined> {
  const { files, folder, takeOver, host, ownEpochs } = options;
  try {
    return await host.lock(folder);
  } catch (error) {
    if (!(error instanceof LogLockedError)) throw error;
    if (takeOver) return undefined;
    throw new LogLockedError(error.message, newestEpoch(namesIn(files, folder), ownEpochs));
  }
}

/** Invariant 3. */
async function makeDurable(options: OpeningOptions, end: LogEnd): Promise<void> {
  const { files, folder, takeOver, shard, log } = options;
  const { torn, lastFrame } = end;
  if (!takeOver) await cutBehind(options, lastFrame);
  if (torn !== undefined) {
    const { file, byte, frame, bytes, why } = torn;
    const what = takeOver
      ? `torn tail left as it is, and ignored: ${file} from byte ${byte} on, ${bytes} bytes: ${why}`
      : `torn tail cut back: ${file} at byte ${byte}, ${bytes} bytes cut: ${why}`;
    log?.warn({ shard, file, byte, frame, bytes, why }, what);
  }
  if (lastFrame !== undefined) {
    const { file, byte, frameBytes } = lastFrame;
    await changeFile(files, path.join(folder, file), (fd) =>
      writeAll(files, fd, readRange(files, fd, byte, byte + frameBytes), byte),
    );
  }
}

/** Cuts off what stands behind the log's end in its last segment: a torn tail, and room that was made ahead. */
async function cutBehind({ files, folder }: OpeningOptions, lastFrame: LogEnd['lastFrame']): Promise<void> {
  const last = readChain(files, folder).segments.at(-1);
  if (last === undefined) return;
  const end = lastFrame?.file === last.file ? lastFrame.byte + lastFrame.frameBytes : HEADER_BYTES;
  if ((files.lengthAt(last.path) ?? 0) > end) await changeFile(files, last.path, (fd) => files.truncate(fd, end));
}

async function changeFile(files: LogFiles, file: string, change: (fd: number) => Promise<void> | void): Promise<void> {
  const fd = files.open(file, 'r+');
  try {
    await change(fd);
    await files.sync(fd);
  } finally {
    files.close(fd);
  }
}

function giveUpQuietly({ files, folder, log }: OpeningOptions, epoch: number): void {
  try {
    giveUpEpoch(files, folder, epoch);
  } catch (error) {
    log?.warn({ epoch, err: error }, 'the claim of an epoch that was never opened could not be emptied');
  }
}
