/**
 * Claims: how a writer gets its epoch, how older writers learn that they are fenced, and what is known later of the log as it was then.
 *
 * 1. A claim is the file `writer-<epoch>.json`, created where there was none and never removed. So no two writers have the same epoch,
 *    and epochs have no gaps: a writer whose claim is followed by none of the next epoch is the newest.
 * 2. A writer claims, and syncs its claim, before it reads where the log ends. An older writer looks for the next epoch's claim after
 *    each frame's sync, and says `appended` only where there is none. So a frame that was called appended was durable before the
 *    claim was made, and the new writer has seen it: nothing that was called appended is ever lost to a newer epoch.
 * 3. An empty claim decides nothing: its writer has not begun to read where the log ends, or has given up and written nothing. It
 *    fences all the same.
 * 4. A claim is JSON lines. The first says who claimed, and how far the log reached before that at least. A note follows for each
 *    segment that the writer made, before anything is appended to it, and one when it closes. claim-notes.ts reads them.
 */
import fs from 'node:fs';
import { DamagedLogError } from '../../../src/log/port.js';
import { claimedEpochs, namesIn, readChain } from '../segments/segments.js';
import { claimPath, type ClaimNote, decidedIn, linesOf, type Reach } from './claim-notes.js';
import { errorCode } from '../../../src/log/message-of.js';
import { createFile, readRange, syncFolder, writeAll, type LogFiles } from '../files.js';
import { claimFileName, MAX_EPOCH } from '../format.js';
import type { LogHost, WriterName } from '../host.js';

/** A crash may have left half a line before it. */
const NEWLINE = 0x0a;

export interface Claim extends WriterName, Reach {
  readonly epoch: number;
}

/** Whether a writer of a newer epoch has been opened, or is being opened. */
export function isFenced(files: LogFiles, folder: string, epoch: number): boolean {
  return files.lengthAt(claimPath(folder, epoch + 1)) !== undefined;
}

/**
 * Whether a writer of a newer epoch may decide, or may have decided, that the log ends before this position. It cannot where a claim
 * notes that one went on from there or further, whether or not its segment is still there, or that a repair ended the log no earlier.
 */
export function isBeingDecided(files: LogFiles, folder: string, epoch: number, position: number): boolean {
  let isClaimed = false;
  for (let newer = epoch + 1; ; newer++) {
    const bytes = files.lengthAt(claimPath(folder, newer));
    if (bytes === undefined) return isClaimed;
    if (bytes === 0) continue;
    if (decidedIn(linesOf(files, folder, newer)) >= position) return false;
    isClaimed = true;
  }
}

/** The newest epoch whose claim is not empty. */
export function newestDecided(files: LogFiles, folder: string): number | undefined {
  const epochs = claimedEpochs(namesIn(files, folder));
  return epochs.findLast((epoch) => (files.lengthAt(claimPath(folder, epoch)) ?? 0) > 0);
}

/** Claims the next epoch, durably, and returns its number. Throws DamagedLogError where a name claims the last one there can be. */
export async function claimEpoch(files: LogFiles, folder: string, host: LogHost, reach: Reach): Promise<number> {
  for (let epoch = readChain(files, folder).epoch + 1; ; epoch++) {
    if (epoch > MAX_EPOCH) {
      const place = { file: claimFileName(epoch - 1), byte: 0, frame: 0 };
      throw new DamagedLogError(`no writer had epoch ${epoch - 1}: none could come after it`, place);
    }
    const claim: Claim = { epoch, ...host.whoAmI(), ...reach };
    try {
      await createFile(files, claimPath(folder, epoch), lineOf(claim));
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue;
      throw error;
    }
    try {
      await syncFolder(files, folder);
    } catch (error) {
      giveUpEpoch(files, folder, epoch);
      throw error;
    }
    return epoch;
  }
}

/** Adds a note to a writer's claim, durably. */
export async function noteInClaim(files: LogFiles, folder: string, epoch: number, note: ClaimNote): Promise<void> {
  const fd = files.open(claimPath(folder, epoch), 'r+');
  try {
    const end = files.lengthOf(fd);
    const isWithinLine = end > 0 && readRange(files, fd, end - 1, end)[0] !== NEWLINE;
    await writeAll(files, fd, Buffer.concat([Buffer.from(isWithinLine ? '\n' : ''), lineOf(note)]), end);
    await files.sync(fd);
  } finally {
    files.close(fd);
  }
}

/** Empties the claim of a writer that could not be opened and has written nothing: readers need not wait for what it decides. */
export function giveUpEpoch(files: LogFiles, folder: string, epoch: number): void {
  const fd = files.open(claimPath(folder, epoch), 'r+');
  try {
    files.truncate(fd, 0);
  } finally {
    files.close(fd);
  }
}

/** The newest claim, for people to read. */
export function newestClaim(folder: string): Claim | undefined {
  const newest = claimedEpochs(fs.readdirSync(folder)).at(-1) ?? 0;
  try {
    const [first = ''] = fs.readFileSync(claimPath(folder, newest), 'utf8').split('\n');
    return JSON.parse(first) as Claim; // what claimEpoch wrote; only ever shown
  } catch {
    return undefined;
  }
}

function lineOf(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
