/** The whole exchange in one process: its log, its shard, its query store, its snapshots, its HTTP server. */
import { destination, pino, type Logger } from 'pino';
import { Exchange } from '../../exchange/exchange.js';
import type { SnapshotStore } from '../../exchange/snapshots.js';
import type { ShardLog } from '../../log/port.js';
import { ShardedQueries } from '../../server/sharded-queries.js';
import { type RunningServer, startServer } from '../../server/server.js';
import { obeySignals } from '../../server/signals.js';
import { mustBeWhole } from '../history.js';
import type { LogPlace } from '../log-place/log-place.js';
import { GRACE_MS } from '../log-place/place.js';
import { ExitCode } from '../terminal/exit.js';
import type { Terminal } from '../terminal/terminal.js';
import { DemoMarket } from './demo-market.js';
import { followDurable } from './durable-feed.js';
import { SnapshotMaker } from './snapshot-maker.js';
import { StoredQueries } from './stored-queries.js';

export interface ServingOptions {
  readonly host: string | undefined;
  readonly port: number;
  readonly keyFile: string | undefined;
  readonly takeOver: boolean;
  readonly demo: boolean;
  readonly logLevel: string;
  readonly snapshotEvery: number;
  readonly maxClockAheadMs: number;
}

const STDERR = 2;

/** Serves until a signal ends it. */
export async function serve(terminal: Terminal, place: LogPlace, options: ServingOptions): Promise<void> {
  const logger = pino({ level: options.logLevel }, destination(STDERR));
  const log = await place.log({ takeOver: options.takeOver, log: logger });
  const snapshots = await place.snapshots(logger);
  const opening = openExchange(terminal, place, { log, snapshots, logger, maxClockAheadMs: options.maxClockAheadMs });
  const exchange = await terminal.interruptible(opening, GRACE_MS);
  const latestSnapshot = await snapshots.usableLatest(log);
  const beside = await startBeside(place, exchange, { ...options, shard: log.shard, latestSnapshot }, logger);
  const queries = new ShardedQueries(beside.queries.stores);
  let server: RunningServer;
  try {
    const { host, port, keyFile } = options;
    server = await startServer({ exchange, queries, logs: [log], logger, host, port, keyFile, processMetrics: true });
  } catch (error) {
    await beside.end();
    await exchange.close();
    throw error;
  }
  terminal.releaseInterrupts();
  obeySignals(server, logger, (signal) => {
    terminal.exitCode = signal === 'SIGINT' ? ExitCode.Interrupted : ExitCode.Fine;
    beside.demo?.stop();
  });
  await terminal.out.line(
    `parley listens on ${server.url} (log in ${place.describe()}, epoch ${exchange.status().epoch})`,
  );
  await terminal.out.flush();
  await beside.demo?.start();
  await server.stopped;
  await beside.end();
}

interface Opening {
  readonly log: ShardLog;
  readonly snapshots: SnapshotStore;
  readonly logger: Logger;
  readonly maxClockAheadMs: number;
}

async function openExchange(
  terminal: Terminal,
  place: LogPlace,
  { log, snapshots, logger, maxClockAheadMs }: Opening,
): Promise<Exchange> {
  // Opening changes files, and nothing in a log that another program keeps.
  if (place.settings.kind === 'embedded') await mustBeWhole(terminal, log, await snapshots.latest());
  const progress = terminal.progress('replaying', 'events');
  try {
    return await Exchange.open(log, {
      logger,
      snapshots,
      maxClockAheadMs,
      onReplay: (position, head) => {
        terminal.throwIfStopped();
        progress.update(position, head);
      },
    });
  } finally {
    progress.stop();
  }
}

/** What runs beside the shard and follows it. */
interface Beside {
  readonly queries: StoredQueries;
  readonly demo: DemoMarket | undefined;
  end(): Promise<void>;
}

async function startBeside(
  place: LogPlace,
  exchange: Exchange,
  options: ServingOptions & { readonly shard: number; readonly latestSnapshot: number },
  logger: Logger,
): Promise<Beside> {
  const { shard, latestSnapshot: latest, demo, snapshotEvery: everyEvents, takeOver } = options;
  const { settings } = place;
  const file = await place.folder.queryStore(takeOver ? exchange.status().epoch : undefined);
  // Files show what has been written, durable or not; the other logs show only what is.
  const durable = settings.kind === 'embedded' ? (): number => exchange.shard.durable : undefined;
  const queries = new StoredQueries({ shards: [{ log: settings, file, durable }], logger });
  const maker = new SnapshotMaker({ settings, logger, everyEvents, latest });
  const endFollowing = followDurable(exchange, (durable) => {
    queries.advance(shard, durable);
    maker.advance(durable);
  });
  const end = async (): Promise<void> => {
    endFollowing();
    await Promise.all([queries.end(), maker.end()]);
  };
  return { queries, demo: demo ? new DemoMarket(exchange, exchange.status().epoch) : undefined, end };
}
