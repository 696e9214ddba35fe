import { hostname } from 'node:os';
import { openDoorstep } from '../../server/doors/doorstep.js';
import type { KafkaSettings } from '../logs/settings.js';
import type { Console } from '../console.js';
import { type ClusterServingOptions, mustBeConsistent, serveCluster } from './cluster-serving.js';
import { startLogging } from './common-serving.js';
import { KafkaMedium } from './kafka-medium.js';

/** Serves as one of the processes that share the shards of a topic, until a signal ends it. */
export async function serveOnKafka(
  console: Console,
  settings: KafkaSettings,
  options: Omit<ClusterServingOptions, 'memberId'> & { readonly snapshotEvery: number | undefined },
): Promise<void> {
  mustBeConsistent(options);
  const logger = await startLogging(console, options);
  const memberId = memberIdOf(options);
  const { snapshotEvery, losses } = options;
  // Topics and stores are made for nobody who cannot listen.
  const doorstep = await openDoorstep({ host: options.host, port: options.port, keyFile: options.keyFile });
  const medium = await console
    .interruptible(KafkaMedium.connect(settings, { memberId, snapshotEvery, losses, logger }))
    .finally(() => doorstep.close());
  await serveCluster(console, medium, { ...options, memberId }, logger);
}

/** By where it is reached, so that it keeps its name over restarts. */
function memberIdOf({ advertise, port }: Pick<ClusterServingOptions, 'advertise' | 'port'>): string {
  if (advertise !== undefined) return new URL(advertise).host;
  return `${hostname()}:${port === 0 ? `process-${process.pid}` : port}`;
}
