import { eventsOfBatch } from '../events/fold.js';
import type { ShardLog } from './port.js';

/** An event that names a time, and when and where it was. */
interface Timed {
  readonly position: number;
  readonly atMs: number;
}

/**
 * The position of the first event that is later than a time: the events before it are those that had happened by then. The log's head where
 * none is later.
 *
 * A shard's time never runs backwards, so it is found by halving: some twenty reads of a batch each, whatever keeps the log. Of files, the
 * first of them walks the frames of one segment up to its middle without reading what is in them, and notes places for the others.
 */
export async function positionAfter(log: Pick<ShardLog, 'head' | 'read'>, atMs: number): Promise<number> {
  let low = 0;
  let high = await log.head();
  let found = high;
  // No event before `low` is later; `found` is the first one from `high` on that is, or the head.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const timed = await firstTimed(log, middle, high);
    if (timed !== undefined && timed.atMs <= atMs) {
      low = timed.position + 1;
    } else {
      high = middle;
      found = timed?.position ?? found;
    }
  }
  return found;
}

/** The first event in a range of positions that names a time. */
async function firstTimed(log: Pick<ShardLog, 'read'>, from: number, until: number): Promise<Timed | undefined> {
  for await (const batch of log.read(from)) {
    for (const { position, event } of eventsOfBatch(batch)) {
      if (position >= until) return undefined;
      if (position >= from && 'atMs' in event) return { position, atMs: event.atMs };
    }
    if (batch.firstPosition + batch.count >= until) return undefined;
  }
  return undefined;
}
