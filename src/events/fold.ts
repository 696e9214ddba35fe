import { IgnoreEvents } from '../domain/journal.generated.js';
import type { ByteCursor } from './bytes.js';
import { readEvent } from './codec.generated.js';

/** A pure fold over the log: a projection, a replay, a check. `position` is that of the event it is being told of. */
export class Fold extends IgnoreEvents {
  position = -1;
}

/** The events of one batch as they stand in a log: canonical bytes, one after the other, the last one a BatchSealed. */
export interface EventBatch {
  /** Position of the first event. */
  readonly firstPosition: number;
  /** How many events there are. */
  readonly count: number;
  /** Their canonical bytes. The memory may be used again once the next batch is asked for: copy what is kept. */
  readonly bytes: Uint8Array;
}

/** Tells the fold of each event of the batch from position `from` up to, not including, `until`. Returns how many it told. */
export function foldBatch(batch: EventBatch, fold: Fold, from = 0, until = Number.POSITIVE_INFINITY): number {
  const cursor: ByteCursor = { bytes: batch.bytes, at: 0, end: batch.bytes.length };
  const end = Math.min(batch.firstPosition + batch.count, until);
  let position = batch.firstPosition;
  if (position < from) {
    const skipped = new IgnoreEvents();
    while (position < from && position < end) {
      readEvent(cursor, skipped);
      position++;
    }
  }
  const first = position;
  while (position < end) {
    fold.position = position;
    readEvent(cursor, fold);
    position++;
  }
  return position - first;
}
