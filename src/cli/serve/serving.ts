/** The whole exchange in one process: its log, its shard, its query store, its snapshots, its HTTP server. */
import { destination, pino, type Logger } from 'pino';
import { Exchange } from '../../exchange/exchange.js';
import { type RunningServer, startServer } from '../../server/server.js';
import { obeySignals } from '../../server/signals.js';
import type { DataFolder } from '../data-folder.js';
import { mustBeWhole } from '../history.js';
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
}

const STDERR = 2;

/** Serves until a signal ends it. */
export async function serve(terminal: Terminal, folder: DataFolder, options: ServingOptions): Promise<void> {
  const logger = pino({ level: options.logLevel }, destination(STDERR));
  const log = folder.log({ takeOver: options.takeOver, log: logger });
  await mustBeWhole(terminal, log, await folder.snapshots().latest());
  const exchange = await openExchange(terminal, folder, log, logger);
  const beside = await startBeside(folder, exchange, log.shard, options, logger);
  const { queries } = beside;
  let server: RunningServer;
  try {
    const { host, port, keyFile } = options;
    server = await startServer({ exchange, queries, log, logger, host, port, keyFile, processMetrics: true });
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
  await terminal.out.line(`parley listens on ${server.url} (log in ${folder.path}, epoch ${exchange.status().epoch})`);
  await terminal.out.flush();
  await beside.demo?.start();
  await server.stopped;
  await beside.end();
}

async function openExchange(
  terminal: Terminal,
  folder: DataFolder,
  log: ReturnType<DataFolder['log']>,
  logger: Logger,
): Promise<Exchange> {
  const progress = terminal.progress('replaying', 'events');
  try {
    return await Exchange.open(log, {
      logger,
      snapshots: folder.snapshots(logger),
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
  folder: DataFolder,
  exchange: Exchange,
  shard: number,
  { demo, snapshotEvery: everyEvents, takeOver }: ServingOptions,
  logger: Logger,
): Promise<Beside> {
  const place = { folder: folder.path, shard, logger };
  const file = await folder.queryStore(takeOver ? exchange.status().epoch : undefined);
  const queries = new StoredQueries({ ...place, file, durable: () => exchange.shard.durable });
  const latest = await folder.snapshots().latest();
  const maker = new SnapshotMaker({ ...place, snapshots: folder.snapshotFolder, everyEvents, latest });
  const endFollowing = followDurable(exchange, (durable) => {
    queries.advance(durable);
    maker.advance(durable);
  });
  const end = async (): Promise<void> => {
    endFollowing();
    await Promise.all([queries.end(), maker.end()]);
  };
  return { queries, demo: demo ? new DemoMarket(exchange, exchange.status().epoch) : undefined, end };
}
