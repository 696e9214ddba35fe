import { ByteCursor, DamagedEventError } from './bytes.js';
import { readEvent } from './codec.generated.js';
import { decodeEvent, type Event } from './event.js';
import { type EventHandler, NoopHandler } from './handlers.generated.js';

/** The events of one batch as they stand in a log: canonical bytes, one after the other, the last one a BatchSealed. */
export interface EventBatch {
  /** Position of the first event. */
  readonly firstPosition: number;
  /** How many events there are. */
  readonly count: number;
  /** Their canonical bytes. The memory may be used again once the next batch is asked for: copy what is kept. */
  readonly bytes: Uint8Array;
}

/**
 * Tells the fold of each event of the batch from position `from` up to, not including, `until`. Returns how many it told. Throws
 * DamagedEventError, which names the position, where the batch does not hold just the events that it counts.
 */
export function foldBatch(batch: EventBatch, fold: EventHandler, from = 0, until = Number.POSITIVE_INFINITY): number {
  const cursor = new ByteCursor(batch.bytes);
  const { firstPosition, count } = batch;
  const end = Math.min(firstPosition + count, until);
  const skipped = firstPosition < from ? new NoopHandler() : fold;
  let position = firstPosition;
  try {
    for (; position < from && position < end; position++) readEvent(cursor, skipped);
    for (; position < end; position++) {
      fold.position = position;
      readEvent(cursor, fold);
    }
    if (position === firstPosition + count) mustBeUsedUp(cursor);
  } catch (error) {
    throw placed(error, batch, position);
  }
  return Math.max(0, end - Math.max(from, firstPosition));
}

/** The events of the batch as objects, each with its position. Throws DamagedEventError as `foldBatch` does. */
export function* eventsOfBatch(batch: EventBatch): Generator<{ readonly position: number; readonly event: Event }> {
  const cursor = new ByteCursor(batch.bytes);
  const end = batch.firstPosition + batch.count;
  for (let position = batch.firstPosition; position < end; position++) {
    let event: Event;
    try {
      event = decodeEvent(cursor);
      if (position + 1 === end) mustBeUsedUp(cursor);
    } catch (error) {
      throw placed(error, batch, position);
    }
    yield { position, event };
  }
}

function mustBeUsedUp({ at, end }: ByteCursor): void {
  if (at !== end) throw new DamagedEventError('more follows than the batch counts', at);
}

/** Bytes alone do not say where in the log they stand. */
function placed(error: unknown, { firstPosition }: EventBatch, position: number): unknown {
  if (!(error instanceof DamagedEventError)) return error;
  const what = `position ${position}, in the batch that begins at ${firstPosition}: ${error.what}`;
  return new DamagedEventError(what, error.offset, { cause: error });
}
