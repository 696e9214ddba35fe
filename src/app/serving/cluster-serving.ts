/** One process of a cluster: its member, its shards as far as they are its own, its query stores of all shards, its HTTP server. */
import type { Logger } from 'pino';
import { ClusterMember } from '../../cluster/membership/member.js';
import { ClusterExchange } from '../../cluster/forwarding/router.js';
import { shardOfSymbol } from '../../cluster/shard-of.js';
import { Exchange } from '../../exchange/exchange.js';
import type { Evidence } from '../../log/port.js';
import { LogFreshness } from '../../../projections/store/reading/freshness.js';
import { ShardStores } from '../../../projections/store/reading/shard-stores.js';
import type { RunningServer } from '../../server/server.js';
import { usage } from '../exit.js';
import type { Console } from '../console.js';
import { type Anchoring, startAnchoring } from '../anchors/anchoring.js';
import { type CommonServingOptions, startDemo, startHttp, stopOnSignals } from './common-serving.js';
import type { DemoMarket } from '../demo/demo-market.js';
import { endFor, isFinal } from './final.js';
import type { KafkaMedium } from './kafka-medium.js';
import { anchorsIn, tellOfFirst } from '../anchors/kept-anchors.js';
import { StoredQueries } from '../threads/stored-queries.js';
import { ThreadedLooks } from '../threads/moments/threaded-looks.js';
import { feedThread, streamThread, ThreadedFeeds } from '../threads/feeds/threaded-feeds.js';

export interface ClusterServingOptions extends CommonServingOptions {
  /** Names this member, over its restarts too; no two may share one. */
  readonly memberId: string;
  /** Where the others reach it; where it listens unless said otherwise. */
  readonly advertise: string | undefined;
  /** The secret that the members share. */
  readonly clusterKey: string | undefined;
}

/** Serves until a signal ends it: then it releases its shards first, forwards the requests that still come, and ends. */
export async function serveCluster(
  console: Console,
  medium: KafkaMedium,
  options: ClusterServingOptions,
  logger: Logger,
): Promise<void> {
  const { advertise, clusterKey: key } = options;
  const shards = Array.from({ length: medium.shards }, (_, shard) => shard);
  const queries = new StoredQueries({ shards, logger });
  const feeds = new ThreadedFeeds(feedThread, logger);
  const streams = new ThreadedFeeds(streamThread, logger);
  const looks = new ThreadedLooks(logger);
  let server: RunningServer | undefined;
  const acknowledged = new Map<number, number>();
  const anchoring = startAnchoring(options.anchor, (shard) => medium.log(shard), logger);
  const logs = shards.map((shard) => medium.log(shard));
  // The logs are asked, of its own shards too: a process that stood still may have been fenced and not know it yet.
  const freshness = new LogFreshness(logs, { acknowledgedHere: (shard) => acknowledged.get(shard) });
  const member = memberOf({ medium, acknowledged, freshness, anchoring, logger }, options, (shard, reason) => {
    if (options.exitOnStop) endFor(reason, shard, { console, logger, server });
  });
  const exchange = new ClusterExchange({ member, key, medium });
  const shardOfInstrument = (symbol: string): number => shardOfSymbol(symbol, medium.shards);
  const stores = new ShardStores({ shards, desk: queries, progress: queries, shardOfInstrument });
  let demo: DemoMarket | undefined;
  try {
    const read = shards.map((shard) => medium.read(shard));
    feeds.start(read);
    streams.start(read);
    const served = { exchange, cluster: exchange.cluster, stores, looks, logs, freshness, logger };
    server = await startHttp(served, { source: feeds, streams }, options);
    queries.start(read);
    looks.start(read);
    member.start(advertise ?? server.url);
    stopOnSignals(leavingFirst(server, exchange), console, logger);
    console.throwIfStopped(); // by a signal before that
    const where = `${medium.describe()}, ${medium.shards} shards`;
    await console.out.line(`parley listens on ${server.url} (member ${member.memberId}, log in ${where})`);
    await console.out.flush();
    if (options.demo) demo = startDemo(exchange, Date.now(), logger);
    await server.stopped;
  } finally {
    demo?.stop();
    await exchange.close();
    await anchoring?.end();
    await Promise.all([queries.end(), feeds.end(), streams.end(), looks.end()]);
    await medium.close();
  }
}

/** Fails (usage) for options that contradict each other. */
export function mustBeConsistent({
  keyFile,
  clusterKey,
  advertise,
}: Pick<ClusterServingOptions, 'keyFile' | 'clusterKey' | 'advertise'>): void {
  if (keyFile !== undefined && clusterKey === undefined) {
    throw usage('with --keys the members let each other in by a secret of their own: give --cluster-key');
  }
  if (clusterKey !== undefined && !/^[!-~]{8,256}$/.test(clusterKey)) {
    throw usage('the cluster’s key is 8 to 256 printable ASCII characters without spaces');
  }
  if (advertise !== undefined && !/^http:\/\/[^/?#]+\/?$/.test(advertise)) {
    throw usage('--advertise is a URL such as http://10.0.0.7:7070');
  }
}

interface MemberParts {
  readonly medium: KafkaMedium;
  /** By shard, up to where what was answered here is durable. */
  readonly acknowledged: Map<number, number>;
  readonly freshness: LogFreshness;
  readonly anchoring: Anchoring | undefined;
  readonly logger: Logger;
}

function memberOf(
  { medium, acknowledged, freshness, anchoring, logger }: MemberParts,
  { memberId, losses, maxClockAheadMs, anchor }: ClusterServingOptions,
  onFinal: (shard: number, reason: string) => void,
): ClusterMember {
  /** What the exchange of a shard knew of its log when it stopped here. */
  const known = new Map<number, Evidence>();
  const opened = new Set<number>();
  const openShard = async (shard: number): Promise<Exchange> => {
    const held = anchorsIn(anchor?.place, shard);
    const exchange = await Exchange.open(medium.log(shard), {
      logger,
      evidence: async () => {
        const before = known.get(shard);
        return [...(await medium.evidence(shard)), ...held, ...(before === undefined ? [] : [before])];
      },
      acceptLoss: opened.has(shard) ? undefined : losses.get(shard),
      maxClockAheadMs,
      snapshots: medium.snapshots(shard),
    });
    if (!opened.has(shard)) tellOfFirst({ place: anchor?.place, held }, shard, exchange.log.writerEpoch, logger);
    opened.add(shard);
    exchange.log.onStopped(() => known.set(shard, exchange.log.evidence));
    exchange.log.onDurable((durable) => {
      acknowledged.set(shard, Math.max(acknowledged.get(shard) ?? 0, durable));
      medium.onDurable(shard, durable);
      anchoring?.advance(shard, durable);
    });
    medium.onOpened(shard, exchange);
    return exchange;
  };
  const { shards, registry } = medium;
  const headOf = async (shard: number): Promise<number> => (await freshness.heads([shard])).get(shard) ?? 0;
  return new ClusterMember({ memberId, shards, registry, openShard, headOf, isFinal, onFinal, logger });
}

/** A server that gives up its shards before it stops: the others open them while it still hands on what it is asked. */
function leavingFirst(server: RunningServer, exchange: ClusterExchange): RunningServer {
  return {
    ...server,
    stop: async () => {
      await exchange.leave();
      await server.stop();
    },
    reloadKeys: () => server.reloadKeys(),
  };
}
