import { foldBatch } from '../../../events/fold.js';
import { type EventHandler, FanOut } from '../../../events/handlers.generated.js';
import type { ShardLog } from '../../../log/port.js';
import type { ReadShard } from './history.js';

/**
 * Goes on where a log was read up to: folds what becomes durable into the same folds, and calls back after each batch with the position
 * that they stand before. Ends when the signal aborts.
 */
export async function followHistory(
  log: ShardLog,
  { directory, made, position }: ReadShard<EventHandler>,
  signal: AbortSignal,
  onBatch: (position: number) => void | Promise<void>,
): Promise<void> {
  const fold = new FanOut([directory, made]);
  for await (const batch of log.follow(position, signal)) {
    foldBatch(batch, fold, position);
    fold.align();
    await onBatch(batch.firstPosition + batch.count);
  }
}
