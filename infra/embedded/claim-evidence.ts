/**
 * What claims know of a log. The newest writer that made a segment compared the log with all that was known before it, so its claim and
 * the newer ones are all that counts.
 *
 * 1. A segment that a claim names was made; where it is gone, so is what it held.
 * 2. Claims of versions that noted nothing in them say little: two of them beside no segment at all mean that the segments are gone.
 */
import path from 'node:path';
import type { Evidence } from '../../src/log/port.js';
import { namedFiles, namesIn } from './chain.js';
import { claimPath, type ClaimNote, type Reach } from './claim.js';
import { readRange, type LogFiles } from './files.js';
import { claimFileName, parseClaimFileName, parseSegmentFileName } from './format.js';

const DIGEST = /^[0-9a-f]{64}$/;

/** Throws what the file system says, but for a folder that is not there: nothing is known of that. */
export function claimEvidence(files: LogFiles, folder: string): readonly Evidence[] {
  const names = namesIn(files, folder);
  const isThere = (file: string): boolean => files.lengthAt(path.join(folder, file)) !== undefined;
  const epochs = names.flatMap((name) => parseClaimFileName(name) ?? []).sort((one, other) => other - one);
  const evidence: Evidence[] = [];
  let silent = 0;
  for (const epoch of epochs) {
    const known = linesOf(files, folder, epoch);
    if (known.length === 0) continue;
    const found = known.flatMap((line) => evidenceOf(claimFileName(epoch), line, isThere));
    evidence.push(...found);
    if (known.some((line) => 'segment' in line || 'repaired' in line)) break;
    if (found.length === 0) silent++;
  }
  if (silent >= 2 && namedFiles(files, folder, names).length === 0) {
    evidence.push({ source: `${silent} writers' claims`, position: 0, missing: 'a segment' });
  }
  return evidence;
}

type Line = Partial<
  Reach & { segment: unknown; closed: unknown; repaired: unknown } & Record<keyof ClaimNote, unknown>
>;

function evidenceOf(source: string, line: Line, isThere: (file: string) => boolean): Evidence[] {
  const { segment, closed, repaired } = line;
  if (typeof segment === 'string') {
    const name = parseSegmentFileName(segment);
    if (name === undefined || isThere(segment)) return [];
    return [{ source, position: name.firstPosition, missing: segment }];
  }
  const reach = (closed ?? repaired ?? line) as Partial<Reach> | null; // any JSON value but null can be asked for them
  const { head, digest } = reach ?? {};
  if (head === undefined || !Number.isSafeInteger(head) || head < 0) return [];
  return [{ source, position: head, ...(digest !== undefined && DIGEST.test(digest) ? { digest } : {}) }];
}

/** The lines of a claim that a crash left whole; those behind a repair alone, where there was one. */
function linesOf(files: LogFiles, folder: string, epoch: number): Line[] {
  const fd = files.open(claimPath(folder, epoch), 'r');
  let text: string;
  try {
    text = Buffer.from(readRange(files, fd, 0, files.lengthOf(fd))).toString();
  } finally {
    files.close(fd);
  }
  const lines = text.split('\n').flatMap(parsed);
  const repaired = lines.findLastIndex((line) => 'repaired' in line);
  return repaired < 0 ? lines : lines.slice(repaired);
}

function parsed(text: string): Line[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? [value] : [];
  } catch {
    return [];
  }
}
