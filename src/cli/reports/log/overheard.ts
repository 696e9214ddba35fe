import { foldBatch } from '../../../events/fold.js';
import type { EventHandler } from '../../../events/handlers.generated.js';
import type { FoundLog, ShardLog } from '../../../log/port.js';
import { wholeLog } from '../../../app/logs/whole-log.js';

/**
 * A log that tells a fold of its events, up to (not including) a position, as somebody else reads it: so it is read once for both. It
 * must be read from its beginning, and once only.
 */
export function overheard(log: ShardLog, fold: EventHandler, until: number): FoundLog['log'] {
  const whole = wholeLog(log, until);
  return {
    shard: log.shard,
    head: () => log.head(),
    async *read(from) {
      for await (const batch of whole.read(from)) {
        foldBatch(batch, fold, from, until);
        yield batch;
      }
    },
  };
}
