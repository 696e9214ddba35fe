/**
 * Ends a log before its first damage. Only when told to, only at the very place that was found, and nothing is thrown away: what is
 * cut off a file is kept beside it as `<file>.<byte>.cut`, and segments that follow are renamed to `<file>.cut`.
 *
 * What was acknowledged and stood behind the damage is lost to the log; so snapshots and projections that had read further must be
 * built again. What the claims know of it is void from then on: the newest one notes where the log was ended, and how far it is known to
 * have gone.
 */
import path from 'node:path';
import { DamagedLogError } from '../../src/log/port.js';
import { namedFiles, readChain, type NamedFile } from './segments/segments.js';
import { newestDecided, noteInClaim } from './claims/claim.js';
import { claimEvidence } from './claims/claim-evidence.js';
import type { Repaired } from './claims/claim-notes.js';
import { createFile, readRange, syncFolder, type LogFiles } from './files.js';
import { HEADER_BYTES } from './format.js';
import type { LogHost } from './host.js';
import type { LogPlace } from './log-place.js';
import { inspectLog } from './inspection.js';
import { findEnd } from './segments/log-end.js';

export interface RepairOptions extends LogPlace {
  readonly host: LogHost;
  /** How far the log went, where that is known from elsewhere than its claims. */
  readonly knownUntil?: number | undefined;
}

/** Throws LogLockedError while a writer is there, and RangeError when the log's first damage is not at `place`. */
export async function repairLog(options: RepairOptions, place: { file: string; byte: number }): Promise<Repaired> {
  const { files, folder } = options;
  const lock = await options.host.lock(folder);
  try {
    const { damage, head } = await inspectLog(options);
    if (damage?.file !== place.file || damage.byte !== place.byte) {
      throw new RangeError(`no damage at byte ${place.byte} of ${place.file}: ${damage?.message ?? 'there is none'}`);
    }
    const isPast = isPastEnd(files, folder, place.file, head);
    const behind = isPast ? [] : filesBehind(options, place.file);
    const until = isPast ? head : await knownEnd(options, head, behind);
    const bytesCut = await cut(options, place);
    for (const { path: file } of behind) files.rename(file, `${file}.cut`);
    await syncFolder(files, folder);
    const repaired = { head, until, bytesCut, setAside: behind.map(({ file }) => `${file}.cut`) };
    const epoch = newestDecided(files, folder);
    if (epoch !== undefined) await noteInClaim(files, folder, epoch, { repaired });
    return repaired;
  } finally {
    options.index.forget();
    await lock.release();
  }
}

/** The segments that are lost with the damage. */
function filesBehind({ files, folder }: RepairOptions, damaged: string): NamedFile[] {
  const named = namedFiles(files, folder);
  return named.slice(1 + named.findIndex(({ file }) => file === damaged));
}

/** How far the log is known to have gone; null where nobody knows of anything behind the damage. */
async function knownEnd(options: RepairOptions, head: number, behind: readonly NamedFile[]): Promise<number | null> {
  const { files, folder, knownUntil = 0 } = options;
  const claimed = claimEvidence(files, folder).map(({ position, missingUntil = position }) => missingUntil);
  const named = behind.map(({ firstPosition }) => firstPosition);
  const until = Math.max(knownUntil, await readableEnd(options), ...claimed, ...named);
  return until > head ? until : null;
}

/** Where the last segments end if they can be read; 0 where they cannot. */
async function readableEnd(options: RepairOptions): Promise<number> {
  try {
    return (await findEnd(options, undefined)).head;
  } catch (error) {
    if (error instanceof DamagedLogError) return 0;
    throw error;
  }
}

/** Whether the damage only stands behind a segment's end, in what does not count anyway: nothing of the log is lost with it. */
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
