/** One process of a cluster: its member, its shards as far as they are its own, its query stores of all shards, its HTTP server. */
import { hostname } from 'node:os';
import { destination, pino, type Logger } from 'pino';
import { ClusterMember } from '../../cluster/member.js';
import type { Registry } from '../../cluster/registry.js';
import { ClusterExchange } from '../../cluster/router.js';
import { shardOfSymbol } from '../../cluster/shard-of.js';
import { Exchange } from '../../exchange/exchange.js';
import type { SnapshotStore } from '../../exchange/snapshots.js';
import type { ShardLog } from '../../log/port.js';
import { LogFreshness } from '../../server/freshness.js';
import { type RunningServer, startServer } from '../../server/server.js';
import { ShardedQueries } from '../../server/sharded-queries.js';
import { obeySignals } from '../../server/signals.js';
import { ExitCode, Failure } from '../terminal/exit.js';
import type { Terminal } from '../terminal/terminal.js';
import { type ReadShard, StoredQueries } from './stored-queries.js';

/** What the processes of a cluster share, as one of them reaches it. */
export interface ClusterMedium {
  /** How many shards the market has. */
  readonly shards: number;
  readonly registry: Registry;
  /** The log of a shard: the same one each time, closed by `close`. It is opened for writing again and again. */
  log(shard: number): ShardLog;
  /** Where the thread of the query stores finds a shard's log, and keeps what it makes of it. */
  read(shard: number): ReadShard;
  snapshots?(shard: number): SnapshotStore | undefined;
  /** After each commit of a shard that is written here. */
  onDurable?(shard: number, durable: number): void;
  /** For people: `kafka 10.0.0.1:9092, topic parley`. */
  describe(): string;
  close(): Promise<void>;
}

export interface ClusterServingOptions {
  readonly host: string | undefined;
  readonly port: number;
  readonly keyFile: string | undefined;
  readonly logLevel: string;
  /** Names this member over its restarts; by its machine and port unless said otherwise. */
  readonly memberId: string | undefined;
  /** Where the others reach it; where it listens unless said otherwise. */
  readonly advertise: string | undefined;
  /** The secret that the members share. */
  readonly clusterKey: string | undefined;
}

const STDERR = 2;

/** Serves until a signal ends it: then it lets go of its shards first, hands on what still comes, and ends. */
export async function serveCluster(
  terminal: Terminal,
  medium: ClusterMedium,
  options: ClusterServingOptions,
): Promise<void> {
  const { host, port, keyFile, advertise, clusterKey: key } = options;
  mustBeConsistent(options);
  const logger = pino({ level: options.logLevel }, destination(STDERR));
  const shards = Array.from({ length: medium.shards }, (_, shard) => shard);
  const stores = new StoredQueries({ shards: shards.map((shard) => medium.read(shard)), logger });
  const member = memberOf(medium, stores, options, logger);
  const exchange = new ClusterExchange({ member, key });
  const logs = shards.map((shard) => medium.log(shard));
  const shardOfInstrument = (symbol: string): number => shardOfSymbol(symbol, medium.shards);
  const queries = new ShardedQueries(stores.stores, { shardOfInstrument });
  // A process that stood still may have been fenced without knowing it: what it takes for durable may then be old.
  const durableHere = (shard: number): number | undefined =>
    member.trouble() === undefined ? member.local(shard)?.shards()[0]?.durable : undefined;
  const freshness = new LogFreshness(logs, durableHere);
  try {
    const server = await startServer({
      ...{ exchange, cluster: exchange, queries, logs, freshness, logger, host, port, keyFile, processMetrics: true },
    });
    member.start(advertise ?? server.url);
    terminal.releaseInterrupts();
    obeySignals(leavingFirst(server, exchange), logger, (signal) => {
      terminal.exitCode = signal === 'SIGINT' ? ExitCode.Interrupted : ExitCode.Fine;
    });
    const where = `${medium.describe()}, ${medium.shards} shards`;
    await terminal.out.line(`parley listens on ${server.url} (member ${member.memberId}, log in ${where})`);
    await terminal.out.flush();
    await server.stopped;
  } finally {
    await exchange.close();
    await stores.end();
    await medium.close();
  }
}

function mustBeConsistent({ keyFile, clusterKey, advertise }: ClusterServingOptions): void {
  if (keyFile !== undefined && clusterKey === undefined) {
    const why = 'with --keys the members let each other in by a secret of their own: give --cluster-key';
    throw new Failure(ExitCode.Usage, why);
  }
  if (clusterKey !== undefined && !/^[!-~]{8,256}$/.test(clusterKey)) {
    throw new Failure(ExitCode.Usage, 'the cluster’s key is 8 to 256 printable ASCII characters without spaces');
  }
  if (advertise !== undefined && !/^http:\/\/[^/?#]+\/?$/.test(advertise)) {
    throw new Failure(ExitCode.Usage, '--advertise is a URL such as http://10.0.0.7:7070');
  }
}

function memberOf(
  medium: ClusterMedium,
  stores: StoredQueries,
  { port, memberId, advertise }: ClusterServingOptions,
  logger: Logger,
): ClusterMember {
  const byPlace =
    advertise === undefined ? `${hostname()}:${port === 0 ? process.pid : port}` : new URL(advertise).host;
  const openShard = async (shard: number): Promise<Exchange> => {
    const snapshots = medium.snapshots?.(shard);
    const exchange = await Exchange.open(medium.log(shard), {
      logger,
      ...(snapshots === undefined ? {} : { snapshots }),
    });
    exchange.onDurable((durable) => {
      stores.advance(shard, durable);
      medium.onDurable?.(shard, durable);
    });
    return exchange;
  };
  const { shards, registry } = medium;
  return new ClusterMember({ memberId: memberId ?? byPlace, shards, registry, openShard, logger });
}

/** A server that gives up its shards before it stops: the others open them while it still hands on what it is asked. */
function leavingFirst(server: RunningServer, exchange: ClusterExchange): RunningServer {
  const { url, port, stopped } = server;
  return {
    ...{ url, port, stopped },
    stop: async () => {
      await exchange.leave();
      await server.stop();
    },
    reloadKeys: () => server.reloadKeys(),
  };
}
