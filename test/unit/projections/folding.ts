import { type EventBatch, foldBatch } from '../../../src/events/fold.js';
import type { EventHandler } from '../../../src/events/handlers.generated.js';
import { HEADROOM_BYTES, type SealedBatch } from '../../../src/log/port.js';
import { MemoryLog } from '../../support/log/memory-log.js';

/** Tells a fold of all batches and gives it back. */
export function folded<Told extends EventHandler>(batches: readonly EventBatch[], fold: Told, until?: number): Told {
  for (const batch of batches) foldBatch(batch, fold, 0, until);
  return fold;
}

/** A batch as a writer takes it. */
export function toAppend({ firstPosition, count, bytes }: EventBatch): SealedBatch {
  const buffer = Buffer.concat([Buffer.alloc(HEADROOM_BYTES), bytes]);
  return { firstPosition, count, buffer, start: HEADROOM_BYTES, end: buffer.length };
}

/** A log that holds batches, and takes more. */
export async function growingLog(batches: readonly EventBatch[]): Promise<{ log: MemoryLog; append: Append }> {
  const log = new MemoryLog();
  const writer = await log.open();
  const append = async (more: readonly EventBatch[]): Promise<void> => {
    for (const batch of more) await writer.append(toAppend(batch));
  };
  await append(batches);
  return { log, append };
}

type Append = (batches: readonly EventBatch[]) => Promise<void>;
