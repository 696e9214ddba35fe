/** Lists the segments in a folder, in the order of the log, and up to where each of them counts. Opens no file. */
import path from 'node:path';
import { DamagedLogError } from '../../../src/log/port.js';
import { errorCode } from '../../../src/log/message-of.js';
import type { LogFiles } from '../files.js';
import { HEADER_BYTES, parseClaimFileName, parseSegmentFileName, type SegmentName } from '../format.js';

/** A segment, by its file's name alone. */
export interface NamedFile extends SegmentName {
  /** The file's name within the folder. */
  readonly file: string;
  readonly path: string;
}

export interface Segment extends NamedFile {
  /** Position at which it ends for the log; undefined for the last one, which goes on to its last whole frame. */
  readonly end: number | undefined;
  /** True where a newer epoch sets the end: what follows it in the file is a fenced writer's. */
  readonly fenced: boolean;
  /**
   * A header alone, and not the last one: it says nothing, not even by its position. Its writer may have been fenced while it opened,
   * and then it may begin past what newer epochs hold.
   */
  readonly empty: boolean;
}

export interface Chain {
  /** Ordered by epoch, then by first position. */
  readonly segments: readonly Segment[];
  /** The newest epoch that any segment or claim names; 0 in an empty folder. */
  readonly epoch: number;
}

/** Throws DamagedLogError where the names show that positions are missing or in an order that no writer makes. */
export function readChain(files: LogFiles, folder: string): Chain {
  const names = namesIn(files, folder);
  const named = namedFiles(files, folder, names);
  return { segments: link(files, named), epoch: newestEpoch(names) };
}

/** The epochs that claims of these names bear, the oldest first. */
export function claimedEpochs(names: readonly string[]): number[] {
  return names.flatMap((name) => parseClaimFileName(name) ?? []).sort((one, other) => one - other);
}

/** The newest epoch that a claim or a segment of these names bears and that is none of `own`; 0 where there is none. */
export function newestEpoch(names: readonly string[], own: ReadonlySet<number> = new Set()): number {
  const epochs = names.map((name) => parseClaimFileName(name) ?? parseSegmentFileName(name)?.epoch ?? 0);
  return epochs.reduce((most, epoch) => (own.has(epoch) ? most : Math.max(most, epoch)), 0);
}

/** The segments' files by epoch, then by first position. */
export function namedFiles(files: LogFiles, folder: string, names = namesIn(files, folder)): NamedFile[] {
  const named: NamedFile[] = [];
  for (const file of names) {
    const name = parseSegmentFileName(file);
    if (name !== undefined) named.push({ ...name, file, path: path.join(folder, file) });
  }
  return named.sort((one, other) => one.epoch - other.epoch || one.firstPosition - other.firstPosition);
}

/** The segment in which to look for a position: the first one that ends past it. */
export function segmentFor(chain: Chain, position: number): Segment | undefined {
  return chain.segments.find(({ end, empty }) => !empty && (end === undefined || end > position));
}

/** The names in a folder; none where it is not there. */
export function namesIn(files: LogFiles, folder: string): string[] {
  try {
    return files.list(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function link(files: LogFiles, named: readonly NamedFile[]): Segment[] {
  const segments: Segment[] = [];
  let limit: number | undefined; // first position of the next newer epoch
  let next: NamedFile | undefined; // the next segment that is not empty
  for (const name of named.toReversed()) {
    if (next !== undefined && holdsNothing(files, name)) {
      segments.push({ ...name, end: name.firstPosition, fenced: false, empty: true });
      continue;
    }
    if (next !== undefined && next.epoch !== name.epoch) limit = next.firstPosition;
    const rolled = next?.epoch === name.epoch ? next.firstPosition : undefined;
    if (limit !== undefined && name.firstPosition > limit) {
      throw damagedAtStart(name, `it begins past position ${limit}, where a newer epoch began`);
    }
    const fenced = rolled === undefined && limit !== undefined;
    segments.push({ ...name, end: rolled ?? limit, fenced, empty: false });
    next = name;
  }
  if (next !== undefined && next.firstPosition !== 0) throw damagedAtStart(next, 'the positions before it are missing');
  return segments.reverse();
}

function holdsNothing(files: LogFiles, { path }: NamedFile): boolean {
  return (files.lengthAt(path) ?? HEADER_BYTES) === HEADER_BYTES;
}

function damagedAtStart({ file }: NamedFile, what: string): DamagedLogError {
  return new DamagedLogError(what, { file, byte: 0, frame: 0 });
}
