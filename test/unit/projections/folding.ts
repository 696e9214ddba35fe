import { type EventBatch, foldBatch } from '../../../src/events/fold.js';
import type { EventHandler } from '../../../src/events/handlers.generated.js';
import { HEADROOM_BYTES } from '../../../src/log/port.js';
import { MemoryLog } from '../../support/log/memory-log.js';

/** Tells a fold of all batches and gives it back. */
export function folded<Told extends EventHandler>(batches: readonly EventBatch[], fold: Told, until?: number): Told {
  for (const batch of batches) foldBatch(batch, fold, 0, until);
  return fold;
}

/** A log that holds batches, and takes more. */
export async function growingLog(batches: readonly EventBatch[]): Promise<{ log: MemoryLog; append: Append }> {
  const log = new MemoryLog();
  const writer = await log.open();
  const append = async (more: readonly EventBatch[]): Promise<void> => {
    for (const { firstPosition, count, bytes } of more) {
      const buffer = Buffer.concat([new Uint8Array(HEADROOM_BYTES), bytes]);
      await writer.append({ firstPosition, count, buffer, start: HEADROOM_BYTES, end: buffer.length });
    }
  };
  await append(batches);
  return { log, append };
}

type Append = (batches: readonly EventBatch[]) => Promise<void>;
