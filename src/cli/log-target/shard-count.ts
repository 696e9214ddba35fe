import { ExitCode, Failure } from '../terminal/exit.js';
import { openers } from './openers.js';
import type { LogSettings } from './settings.js';

/**
 * How many shards there are to read, 1 at least. A folder holds one; Kafka knows by its partitions; in EventStoreDB `--shards` says so,
 * or the streams that are there.
 */
export async function shardCount(settings: LogSettings): Promise<number> {
  try {
    switch (settings.kind) {
      case 'embedded':
        return 1;
      case 'kafka':
        return Math.max(1, await (await openers.kafka()).shards(settings));
      case 'eventstoredb':
        return settings.shards ?? Math.max(1, await (await openers.eventstoredb()).shards(settings));
    }
  } catch (cause) {
    if (cause instanceof RangeError) throw new Failure(ExitCode.Usage, cause.message, { cause });
    throw cause;
  }
}
