import type { Console } from '../console.js';
import type { LogTarget } from '../logs/log-target.js';
import { startLogging } from './common-serving.js';
import { Serving, type ServingOptions } from './serving.js';
import { WrittenShard } from './written-shard.js';

/** Serves a log by one shard, which this thread writes, until a signal ends it. */
export async function serveAlone(console: Console, target: LogTarget, options: ServingOptions): Promise<void> {
  const logger = await startLogging(console, options);
  const shards = [{ target, log: await target.log({ log: logger }) }];
  const serving = new Serving(
    {
      ...{ console, shards, logger },
      write: (news) => new WrittenShard({ console, target, news }, { ...options, logger }),
      where: ([shard]) => `${target.describe()}, epoch ${shard?.epoch ?? 0}`,
    },
    options,
  );
  await serving.run();
}
