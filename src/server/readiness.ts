import type { ClusterPort } from '../cluster/view.js';
import type { ShardStatus } from '../exchange/commands.js';
import type { ExchangePort } from '../exchange/port.js';
import type { Reads } from '../../projections/store/reading/reads.js';
import type { Lifecycle } from './lifecycle.js';
import type { Backlog } from './posts/backlog.js';

/** Why it is to be sent no work just now; undefined when it takes commands, and reads keep up with the log. */
export type WhyNotReady = () => Promise<string | undefined>;

/** Who asks does not wait longer than this for a log that is away. */
const ASK_MS = 1_000;

interface Source {
  readonly exchange: ExchangePort;
  readonly cluster?: Pick<ClusterPort, 'trouble'> | undefined;
  readonly reads: Reads;
  readonly backlog: Backlog;
}

/** The readiness of a server, alone or in a cluster: what `/health/ready` and the metric `parley_ready` tell. */
export function readinessOf({ exchange, cluster, reads, backlog }: Source, lifecycle: Lifecycle): WhyNotReady {
  return async () => {
    if (lifecycle.stopping.aborted) return 'the server is stopping';
    return cluster?.trouble() ?? troubleOf(exchange.shards()) ?? (await reads.whyBehind(backlog.maxLagEvents, ASK_MS));
  };
}

function troubleOf(shards: readonly ShardStatus[]): string | undefined {
  const status = shards.find(({ state }) => state !== 'serving');
  if (status === undefined) return undefined;
  const which = shards.length > 1 ? `shard ${status.shard}` : 'the shard';
  return `${which} is ${status.state}${status.reason === undefined ? '' : `: ${status.reason}`}`;
}
