import type { Event } from '../../../src/events/event.js';
import { MemoryLog } from '../log/memory-log.js';
import { Sealer } from '../log/batches.js';

/** A log in memory that holds these events in one batch, sealed again: what they say of seals is left out. */
export async function logOfEvents(events: readonly Event[]): Promise<MemoryLog> {
  const log = new MemoryLog();
  const writer = await log.open();
  await writer.append(new Sealer().seal(events.filter(({ type }) => type !== 'BatchSealed')));
  await writer.close();
  return log;
}
