/**
 * The file that `serve --anchor` appends to, as what it already holds is read: evidence for the one who opens a log.
 *
 * 1. A line that is no anchor is refused, at the start as at any later opening: it may have been the one that the log does not hold. An
 *    anchor torn at the end, as a crash leaves it, is passed over and told of; the next one is written in its place.
 * 2. Nothing else knows that anchors were written once. Where the file holds none of a shard that is not new, that is logged.
 */
import { readFileSync } from 'node:fs';
import type { Logger } from '../../resilience/logger.js';
import { errorCode, messageOf } from '../../log/message-of.js';
import type { Evidence } from '../../log/port.js';
import { type AnchorFile, readAnchors, tornText } from './anchors.js';
import { usage } from '../exit.js';
import { isUrl } from './anchor-sink.js';

/** Fails (usage) for a file that cannot be held against a log. To be called before any log is touched. */
export function mustBeAnchors(place: string | undefined, logger: Logger): void {
  const { torn } = kept(place);
  if (torn !== undefined) logger.warn({ file: place }, tornText(torn));
}

/**
 * What the file knows of a shard: the last anchor, and the one that reaches furthest, for each stands for all before it; nothing where
 * there is no such file, or no file at all. Fails as mustBeAnchors does.
 */
export function anchorsIn(place: string | undefined, shard: number): Evidence[] {
  const known = ofShard(kept(place), shard);
  const last = known.at(-1);
  if (last === undefined) return [];
  const furthest = known.reduce((most, each) => (each.position > most.position ? each : most), last);
  return furthest === last ? [last] : [furthest, last];
}

/** Tells where a shard that this process has opened for the first time, under this epoch, had no anchor in the file. */
export function tellOfFirst(
  { place, held }: { readonly place: string | undefined; readonly held: readonly Evidence[] },
  shard: number,
  epoch: number,
  logger: Logger,
): void {
  if (place === undefined || isUrl(place) || held.length > 0) return;
  const details = { shard, epoch, file: place };
  if (epoch === 1) logger.info(details, 'begins a new file of anchors');
  else {
    const lost = 'where there were any, put them back before the next start, for they are held against nothing now';
    logger.warn(details, `begins a new file of anchors, though the shard is not new: ${lost}`);
  }
}

function ofShard({ anchors }: AnchorFile, shard: number): Evidence[] {
  return anchors
    .filter((anchor) => (anchor.shard ?? 0) === shard)
    .map(({ source, position, digest }) => ({ source, position, digest }));
}

function kept(place: string | undefined): AnchorFile {
  return place === undefined || isUrl(place) ? { anchors: [], torn: undefined } : readAnchors(place, textOf(place));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw usage(`${file}: anchors cannot be read from there: ${messageOf(error)}`, error);
  }
}
