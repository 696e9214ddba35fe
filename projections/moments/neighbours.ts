import { foldBatch } from '../../src/events/fold.js';
import { NoopHandler } from '../../src/events/handlers.generated.js';
import type { ShardLog } from '../../src/log/port.js';

/** The batches next to a moment, each by the moment that it leads to. */
export interface BatchesAround {
  /** What the log’s clock said then: absent where no event before has a time. */
  readonly atMs?: number;
  /** Where the last batch begins that begins earlier. */
  readonly previousBatch?: number;
  /** Where the first batch ends that ends later. */
  readonly nextBatch?: number;
}

/** Of the moment before a position. No batch is told of that ends beyond the head. Reads two batches, and those before until one has a time. */
export async function batchesAround(
  log: Pick<ShardLog, 'read'>,
  position: number,
  head: number,
): Promise<BatchesAround> {
  let previousBatch: number | undefined;
  let nextBatch: number | undefined;
  const clock = new NoopHandler();
  for await (const batch of log.read(Math.max(0, position - 1))) {
    const { firstPosition, count } = batch;
    if (firstPosition < position) {
      previousBatch = firstPosition;
      foldBatch(batch, clock, 0, position);
    }
    if (firstPosition + count <= position) continue;
    if (firstPosition + count <= head) nextBatch = firstPosition + count;
    break;
  }
  const atMs = clock.atMs > 0 ? clock.atMs : await timeBefore(log, previousBatch ?? 0);
  return {
    ...(atMs !== undefined && { atMs }),
    ...(previousBatch !== undefined && { previousBatch }),
    ...(nextBatch !== undefined && { nextBatch }),
  };
}

/** What the clock said at the beginning of a batch. Nearly every batch begins with a command’s time. */
async function timeBefore(log: Pick<ShardLog, 'read'>, firstPosition: number): Promise<number | undefined> {
  for (let before = firstPosition; before > 0;) {
    const clock = new NoopHandler();
    for await (const batch of log.read(before - 1)) {
      foldBatch(batch, clock);
      before = batch.firstPosition;
      break;
    }
    if (clock.atMs > 0) return clock.atMs;
  }
  return undefined;
}
