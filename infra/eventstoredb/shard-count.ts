import { Connection } from './connection.js';
import { shardStreamName } from './eventstore-log.js';
import { ShardStream } from './shard-stream.js';

const DEFAULT_PATIENCE_MS = 10_000;
/** One shard of those in a row may not have been opened yet. */
const ABSENT_IN_A_ROW = 2;

/**
 * How many shards there are by their streams, from 0 on, until two in a row are not there; one past the highest that is. Rejects with
 * LogUnreachableError or LogRefusedError, with LogLostError for a stream that was deleted, and with RangeError for a connection or a prefix that cannot be one.
 */
export async function countShards(
  connection: string,
  prefix: string,
  patienceMs = DEFAULT_PATIENCE_MS,
): Promise<number> {
  const connected = new Connection(connection, patienceMs, patienceMs);
  try {
    let count = 0;
    for (let shard = 0; shard < count + ABSENT_IN_A_ROW; shard++) {
      const { last } = await new ShardStream(connected, shardStreamName(prefix, shard)).look();
      if (last !== undefined) count = shard + 1;
    }
    return count;
  } finally {
    await connected.close();
  }
}
