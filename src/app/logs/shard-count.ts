import { usage } from '../exit.js';
import { openers } from './openers.js';
import type { LogSettings } from './settings.js';
import { shardsIn } from './shard-folders.js';

/**
 * How many shards there are to read, 1 at least. A folder says it; Kafka knows by its partitions; in EventStoreDB `--shards` says so,
 * or the streams that are there.
 */
export async function shardCount(settings: LogSettings): Promise<number> {
  try {
    switch (settings.kind) {
      case 'embedded':
        return (await shardsIn(settings.data)) ?? 1;
      case 'kafka':
        return Math.max(1, await (await openers.kafka()).shards(settings));
      case 'eventstoredb':
        return settings.shards ?? Math.max(1, await (await openers.eventstoredb()).shards(settings));
    }
  } catch (cause) {
    throw cause instanceof RangeError ? usage(cause.message, cause) : cause;
  }
}
