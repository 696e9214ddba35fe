/**
 * What claims know of a log. The newest writer that made a segment compared the log with all that was known before it, so its claim and
 * the newer ones are all that counts.
 *
 * 1. A segment that a claim names was made; where it is gone, so is what it held.
 * 2. Claims of versions that noted nothing in them say little: two of them beside no segment at all mean that the segments are gone.
 */
import path from 'node:path';
import type { Evidence } from '../../../src/log/port.js';
import { claimedEpochs, namedFiles, namesIn } from '../segments/segments.js';
import { type ClaimLine, linesOf, reachIn, sinceRepair } from './claim-notes.js';
import type { LogFiles } from '../files.js';
import { claimFileName, parseSegmentFileName } from '../format.js';

/** Throws what the file system says, but for a folder that is not there: nothing is known of that. */
export function claimEvidence(files: LogFiles, folder: string): readonly Evidence[] {
  const names = namesIn(files, folder);
  const isThere = (file: string): boolean => files.lengthAt(path.join(folder, file)) !== undefined;
  const evidence: Evidence[] = [];
  let silent = 0;
  for (const epoch of claimedEpochs(names).reverse()) {
    const known = sinceRepair(linesOf(files, folder, epoch));
    if (known.length === 0) continue;
    const found = known.flatMap((line) => evidenceOf(claimFileName(epoch), line, known, isThere));
    evidence.push(...found);
    if (known.some((line) => 'segment' in line || 'repaired' in line)) break;
    if (found.length === 0) silent++;
  }
  if (silent >= 2 && namedFiles(files, folder, names).length === 0) {
    evidence.push({ source: `${silent} writers' claims`, position: 0, missing: 'a segment' });
  }
  return evidence;
}

function evidenceOf(
  source: string,
  line: ClaimLine,
  claim: readonly ClaimLine[],
  isThere: (file: string) => boolean,
): Evidence[] {
  const { segment, closed, repaired } = line;
  if (typeof segment === 'string') {
    const name = parseSegmentFileName(segment);
    if (name === undefined || isThere(segment)) return [];
    return [{ source, position: name.firstPosition, missing: segment, missingUntil: endOf(line, claim) }];
  }
  const reach = reachIn(closed ?? repaired ?? line);
  if (reach === undefined) return [];
  const { head, digest } = reach;
  return [{ source, position: head, ...(digest === undefined ? {} : { digest }) }];
}

/** Where a segment ended: where its writer went on in another, or closed; undefined where it noted neither. */
function endOf(line: ClaimLine, claim: readonly ClaimLine[]): number | undefined {
  const next = claim.slice(claim.indexOf(line) + 1).find(({ segment, closed }) => (segment ?? closed) !== undefined);
  if (typeof next?.segment === 'string') return parseSegmentFileName(next.segment)?.firstPosition;
  return reachIn(next?.closed)?.head;
}
