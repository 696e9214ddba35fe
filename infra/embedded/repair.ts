/**
 * Ends a log before its first damage. Only when told to, only at the very place that was found, and nothing is thrown away: what is
 * cut off a file is kept beside it as `<file>.<byte>.cut`, and segments that follow are renamed to `<file>.cut`.
 *
 * What was acknowledged and stood behind the damage is lost to the log; so snapshots and projections that had read further must be
 * made anew. What the claims know of it is void from then on: the newest one notes where the log was ended.
 */
import path from 'node:path';
import { DamagedLogError } from '../../src/log/port.js';
import { namedFiles, readChain, type NamedFile } from './chain.js';
import { newestDecided, noteInClaim } from './claim.js';
import { createFile, readRange, syncFolder, type LogFiles } from './files.js';
import { HEADER_BYTES } from './format.js';
import type { LogHost } from './host.js';
import type { Landmarks } from './landmarks.js';
import { inspectLog } from './inspection.js';

export interface RepairOptions {
  readonly files: LogFiles;
  readonly host: LogHost;
  readonly folder: string;
  readonly shard: number;
  readonly landmarks: Landmarks;
}

export interface Repair {
  /** The log's head now. */
  readonly head: number;
  readonly bytesCut: number;
  /** Whole segments that stood behind the damage, by the names they have now. */
  readonly setAside: readonly string[];
}

/** Throws LogLockedError while a writer is there, and RangeError when the log's first damage is not at `place`. */
export async function repairLog(options: RepairOptions, place: { file: string; byte: number }): Promise<Repair> {
  const { files, folder } = options;
  const lock = await options.host.lock(folder);
  try {
    const { damage, head } = await inspectLog(options);
    if (damage?.file !== place.file || damage.byte !== place.byte) {
      throw new RangeError(`no damage at byte ${place.byte} of ${place.file}: ${damage?.message ?? 'there is none'}`);
    }
    const behind = filesBehind(options, place.file, head);
    const bytesCut = await cut(options, place);
    for (const { path: file } of behind) files.rename(file, `${file}.cut`);
    await syncFolder(files, folder);
    const epoch = newestDecided(files, folder);
    if (epoch !== undefined) await noteInClaim(files, folder, epoch, { repaired: { head } });
    return { head, bytesCut, setAside: behind.map(({ file }) => `${file}.cut`) };
  } finally {
    options.landmarks.forget();
    await lock.release();
  }
}

/** The segments that are lost with the damage: none where it only stands behind the segment's end, in what does not count anyway. */
function filesBehind({ files, folder }: RepairOptions, damaged: string, head: number): NamedFile[] {
  const named = namedFiles(files, folder);
  const behind = named.slice(1 + named.findIndex(({ file }) => file === damaged));
  return isPastEnd(files, folder, damaged, head) ? [] : behind;
}

function isPastEnd(files: LogFiles, folder: string, damaged: string, head: number): boolean {
  try {
    const segment = readChain(files, folder).segments.find(({ file }) => file === damaged);
    return segment !== undefined && (segment.empty || (segment.end !== undefined && head >= segment.end));
  } catch (error) {
    if (error instanceof DamagedLogError) return false;
    throw error;
  }
}

/** Cuts the file at the damage, or sets all of it aside where its header is damaged. Returns how many bytes that were. */
async function cut({ files, folder }: RepairOptions, { file, byte }: { file: string; byte: number }): Promise<number> {
  const damaged = path.join(folder, file);
  const size = files.lengthAt(damaged) ?? 0;
  if (byte < HEADER_BYTES) {
    files.rename(damaged, `${damaged}.cut`);
    return size;
  }
  const fd = files.open(damaged, 'r+');
  try {
    await createFile(files, `${damaged}.${byte}.cut`, readRange(files, fd, byte, size));
    await syncFolder(files, folder);
    files.truncate(fd, byte);
    await files.sync(fd);
  } finally {
    files.close(fd);
  }
  return size - byte;
}
