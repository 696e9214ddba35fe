/** What stands in the claims of writers (claim.ts), as it is read: JSON lines, of which a crash may have torn one. */
import path from 'node:path';
import { readRange, type LogFiles } from '../files.js';
import { claimFileName, parseSegmentFileName } from '../format.js';

/** How far a log reached: position after its last event, and the digest of its last batch in hexadecimal, where it has one. */
export interface Reach {
  readonly head: number;
  readonly digest?: string;
}

/** What a repair did: it ended the log at `head`. */
export interface Repaired extends Reach {
  /** Position up to which the log is known to have gone: `head` where nothing of it was removed, null where nobody knows. */
  readonly until: number | null;
  readonly bytesCut: number;
  /** Whole segments that stood behind, by the names they have now. */
  readonly setAside: readonly string[];
}

/** What is added to a claim: a segment's name, how far the log reached when its writer closed it, what a repair did. */
export type ClaimNote = { readonly segment: string } | { readonly closed: Reach } | { readonly repaired: Repaired };

/** A line as it was found: any of these, and of any kind. */
export type ClaimLine = Partial<Record<'head' | 'digest' | 'segment' | 'closed' | 'repaired', unknown>>;

export function claimPath(folder: string, epoch: number): string {
  return path.join(folder, claimFileName(epoch));
}

/** The lines of a claim that a crash left whole. */
export function linesOf(files: LogFiles, folder: string, epoch: number): ClaimLine[] {
  const fd = files.open(claimPath(folder, epoch), 'r');
  try {
    const text = Buffer.from(readRange(files, fd, 0, files.lengthOf(fd))).toString();
    return text.split('\n').flatMap(parsed);
  } finally {
    files.close(fd);
  }
}

/** Of a claim's lines those that still count: the ones before a repair do not. */
export function sinceRepair(lines: readonly ClaimLine[]): readonly ClaimLine[] {
  const repaired = lines.findLastIndex((line) => 'repaired' in line);
  return repaired < 0 ? lines : lines.slice(repaired);
}

/** The position up to which these lines say that the log holds what stood there: where a writer went on from, or a repair ended it. */
export function decidedIn(lines: readonly ClaimLine[]): number {
  const decided = sinceRepair(lines).map(({ segment, repaired }) => {
    if (typeof segment === 'string') return parseSegmentFileName(segment)?.firstPosition ?? 0;
    return reachIn(repaired)?.head ?? 0;
  });
  return Math.max(0, ...decided);
}

/** Undefined for what says nothing of how far a log reached. */
export function reachIn(value: unknown): Reach | undefined {
  const { head, digest } = (value ?? {}) as Record<string, unknown>; // any JSON value but null can be asked for them
  if (typeof head !== 'number' || !Number.isSafeInteger(head) || head < 0) return undefined;
  return { head, ...(typeof digest === 'string' && DIGEST.test(digest) ? { digest } : {}) };
}

const DIGEST = /^[0-9a-f]{64}$/;

function parsed(text: string): ClaimLine[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? [value] : [];
  } catch {
    return [];
  }
}
