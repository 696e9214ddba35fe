import { openDoorstep } from '../../server/doors/doorstep.js';
import type { Console } from '../console.js';
import type { EmbeddedSettings } from '../logs/settings.js';
import { divide } from '../logs/shard-folders.js';
import { targetOf } from '../logs/targets.js';
import { ThreadedShards } from '../threads/shards/threaded-shards.js';
import { startLogging } from './common-serving.js';
import { Serving, type ServingOptions } from './serving.js';

/** Serves a folder of several shards, each written by a thread of its own, until a signal ends it. */
export async function serveFolder(
  console: Console,
  { kind, data, store }: EmbeddedSettings,
  count: number,
  options: ServingOptions,
): Promise<void> {
  const logger = await startLogging(console, options);
  // Folders are made for nobody who cannot listen.
  const doorstep = await openDoorstep({ host: options.host, port: options.port, keyFile: options.keyFile });
  await divide(data, count).finally(() => doorstep.close());
  const places = Array.from({ length: count }, (_, shard) => ({ kind, data, store, shard }));
  const targets = await Promise.all(places.map((place) => targetOf(place)));
  const shards = await Promise.all(targets.map(async (target) => ({ target, log: await target.log() })));
  const { takeOver, losses, maxClockAheadMs, anchor, snapshotEvery, demo } = options;
  const writing = { takeOver, losses, maxClockAheadMs, anchor, snapshotEvery, demo };
  const serving = new Serving(
    {
      ...{ console, shards, logger },
      write: (news) => new ThreadedShards(places, { ...writing, console, logger, news }),
      where: () => `${data}, ${count} shards`,
    },
    options,
  );
  await serving.run();
}
