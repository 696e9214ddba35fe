import type { EventBatch } from '../../events/fold.js';
import { LogLostError, type ShardLog } from '../../log/port.js';

/**
 * A log that is read from a position to another without a gap, or not at all: what is read of it ends with LogLostError where batches
 * are missing, or where it cannot be read as far as it goes.
 */
export function wholeLog(log: ShardLog, until: number): Pick<ShardLog, 'read' | 'shard'> {
  return {
    shard: log.shard,
    async *read(from: number): AsyncGenerator<EventBatch, void, void> {
      let next = from;
      for await (const batch of log.read(from)) {
        if (batch.firstPosition > next) throw lost(log, next, `it goes on at position ${batch.firstPosition}`);
        next = batch.firstPosition + batch.count;
        yield batch;
      }
      // A writer that opens the log may hide its end for a while, and then its head says so too.
      if (next < until && (await log.head()) >= until) throw lost(log, next, `it ends before position ${until}`);
    },
  };
}

function lost({ shard }: ShardLog, position: number, instead: string): LogLostError {
  return new LogLostError(`shard ${shard}: the events from position ${position} on are gone: ${instead}`);
}
