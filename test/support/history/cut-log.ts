import { ByteCursor } from '../../../src/events/bytes.js';
import { type EventKey, skipEvent } from '../../../src/events/codec.generated.js';
import type { EventBatch } from '../../../src/events/fold.js';
import type { ShardLog } from '../../../src/log/port.js';
import { untilAborted } from '../time/until-aborted.js';

/** What of these batches stands before a position, the last of them cut in its middle where need be. */
export function cutBatches(batches: readonly EventBatch[], position: number): EventBatch[] {
  return batches.flatMap((batch) => {
    const { firstPosition, count, bytes } = batch;
    if (firstPosition + count <= position) return [batch];
    if (firstPosition >= position) return [];
    const cursor = new ByteCursor(bytes);
    const key: EventKey = { stream: 'shard', first: 0, second: 0 };
    for (let at = firstPosition; at < position; at++) skipEvent(cursor, key);
    return [{ firstPosition, count: position - firstPosition, bytes: bytes.subarray(0, cursor.at) }];
  });
}

/** A stand-in for a log that holds these batches, and never grows. It can only be read. */
export function logOfBatches(batches: readonly EventBatch[], shard = 0): ShardLog {
  const refuse = (): never => {
    throw new Error('these batches can only be read');
  };
  const last = batches.at(-1);
  async function* from(position: number): AsyncGenerator<EventBatch> {
    yield* batches.filter(({ firstPosition, count }) => firstPosition + count > position);
  }
  return {
    ...{ shard, open: refuse, readStream: refuse, read: from },
    head: () => Promise.resolve(last === undefined ? 0 : last.firstPosition + last.count),
    async *follow(position: number, signal: AbortSignal): AsyncGenerator<EventBatch> {
      yield* from(position);
      await untilAborted(signal);
    },
  };
}
