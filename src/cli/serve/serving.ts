/** The whole exchange in one process: its log, its shard, its query store, its snapshots, its HTTP server. */
import { destination, pino, type Logger } from 'pino';
import { Exchange } from '../../exchange/exchange.js';
import type { ShardLog } from '../../log/port.js';
import { ShardedQueries } from '../../server/sharded-queries.js';
import { type RunningServer, startServer } from '../../server/server.js';
import { obeySignals } from '../../server/signals.js';
import { mustBeWhole } from '../history.js';
import type { LogPlace } from '../log-place/log-place.js';
import { GRACE_MS } from '../log-place/place.js';
import { ExitCode } from '../terminal/exit.js';
import type { Terminal } from '../terminal/terminal.js';
import { type AnchorTarget, startAnchoring } from './anchoring.js';
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
  readonly anchor: AnchorTarget | undefined;
}

const STDERR = 2;

/** Serves until a signal ends it. */
export async function serve(terminal: Terminal, place: LogPlace, options: ServingOptions): Promise<void> {
  const logger = pino({ level: options.logLevel }, destination(STDERR));
  const log = await place.log({ takeOver: options.takeOver, log: logger });
  const exchange = await terminal.interruptible(openExchange(terminal, place, log, logger), GRACE_MS);
  const beside = await startBeside(place, exchange, log, options, logger);
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

async function openExchange(terminal: Terminal, place: LogPlace, log: ShardLog, logger: Logger): Promise<Exchange> {
  const snapshots = await place.snapshots(logger);
  // Opening changes files, and nothing in a log that another program keeps.
  if (place.settings.kind === 'embedded') await mustBeWhole(terminal, log, await snapshots.latest());
  const progress = terminal.progress('replaying', 'events');
  try {
    return await Exchange.open(log, {
      logger,
      snapshots,
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
  log: ShardLog,
  { demo, snapshotEvery: everyEvents, takeOver, anchor }: ServingOptions,
  logger: Logger,
): Promise<Beside> {
  const { settings } = place;
  const { shard } = log;
  const anchoring = startAnchoring(anchor, () => log, logger);
  const file = await place.folder.queryStore(takeOver ? exchange.status().epoch : undefined);
  // Files show what has been written, durable or not; the other logs show only what is.
  const durable = settings.kind === 'embedded' ? (): number => exchange.shard.durable : undefined;
  const queries = new StoredQueries({ shards: [{ log: settings, file, durable }], logger });
  const latest = await (await place.snapshots()).latest();
  const maker = new SnapshotMaker({ settings, logger, everyEvents, latest });
  const endFollowing = followDurable(exchange, (durable) => {
    queries.advance(shard, durable);
    maker.advance(durable);
    anchoring?.advance(shard, durable);
  });
  const end = async (): Promise<void> => {
    endFollowing();
    await Promise.all([queries.end(), maker.end(), anchoring?.end()]);
  };
  return { queries, demo: demo ? new DemoMarket(exchange, exchange.status().epoch) : undefined, end };
}
