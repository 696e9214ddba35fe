import type { EventBatch } from '../../../src/events/fold.js';
import type { ShardLog } from '../../../src/log/port.js';
import type { History } from './history.js';

/** A stand-in for a log: gives the batches of a history, then throws `endsWith`, if that is given. It can only be read. */
export function logOf(history: History, endsWith?: Error): ShardLog {
  const batches = history.batches();
  const refuse = (): never => {
    throw new Error('a history can only be read');
  };
  return {
    shard: history.shard,
    open: refuse,
    follow: refuse,
    readStream: refuse,
    head: () => Promise.resolve(history.head),
    async *read(from: number): AsyncGenerator<EventBatch> {
      yield* batches.filter((batch) => batch.firstPosition + batch.count > from);
      if (endsWith !== undefined) throw endsWith;
    },
  };
}
