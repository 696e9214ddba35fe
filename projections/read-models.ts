import { type EventBatch, foldBatch } from '../src/events/fold.js';
import { type EventHandler, FanOut } from '../src/events/handlers.generated.js';

/** What of a log a fold needs: any ShardLog has it. */
export interface ReadableLog {
  /** Whole batches, in order, from the one that holds `from` to the head as it stands. */
  read(from: number): AsyncIterable<EventBatch>;
}

export interface FoldLogOptions {
  /** The first position to fold; 0 unless said otherwise. */
  readonly from?: number;
  /** Folds the events before this position only: the folds then stand as they stood there. The whole log unless said otherwise. */
  readonly until?: number;
  /** Called after each batch with the position that the folds have come to; true: that is enough. */
  readonly onProgress?: (position: number) => unknown;
}

export interface FoldedLog {
  /** How many events were folded. */
  readonly events: number;
  /** Position after the last event that was folded. */
  readonly position: number;
}

/** Folds a log up to a position, several folds in one pass. Throws what the log throws when it is damaged. */
export async function foldLog(
  log: ReadableLog,
  folds: readonly EventHandler[],
  options: FoldLogOptions = {},
): Promise<FoldedLog> {
  const { from = 0, until = Number.POSITIVE_INFINITY, onProgress } = options;
  const [first] = folds;
  const fanOut = new FanOut(folds);
  const fold = first !== undefined && folds.length === 1 ? first : fanOut;
  let position = from;
  let events = 0;
  if (from >= until) return { events, position };
  for await (const batch of log.read(from)) {
    const folded = foldBatch(batch, fold, from, until);
    if (fold === fanOut) fanOut.align();
    events += folded;
    if (folded > 0) position = fold.position + 1;
    const isEnough = onProgress?.(position) === true;
    if (isEnough || position >= until) break;
  }
  return { events, position };
}
