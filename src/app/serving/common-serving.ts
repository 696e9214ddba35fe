/** What serving alone and serving as one process of a cluster share. */
import type { Logger } from 'pino';
import type { ExchangePort } from '../../exchange/port.js';
import { ACCEPT_AT_ONCE } from '../../server/limits/accepting.js';
import { type RunningServer, type ServerOptions, startServer } from '../../server/server.js';
import type { FeedOptions } from '../../server/feeds/feed-options.js';
import { readPage } from '../../server/page/page.js';
import { obeySignals } from '../../server/signals.js';
import { ExitCode } from '../exit.js';
import type { Console } from '../console.js';
import type { AnchorTarget } from '../anchors/anchoring.js';
import { DemoMarket } from '../demo/demo-market.js';
import { mustBeAnchors } from '../anchors/kept-anchors.js';
import type { ServerLimits } from './server-limits.js';
import { createLogger, type LoggingOptions } from './logging.js';
import { logWarnings } from './warnings.js';

/** By shard, the position where its log ends; the loss of what stood behind that is accepted. */
export type AcceptedLosses = ReadonlyMap<number, number>;

export interface CommonServingOptions extends ServerLimits, LoggingOptions {
  readonly host: string | undefined;
  readonly port: number;
  readonly keyFile: string | undefined;
  readonly allowedOrigins: ReadonlySet<string> | undefined;
  readonly signatureWindowMs: number;
  readonly losses: AcceptedLosses;
  /** Ends the process when a shard of its own has stopped permanently. */
  readonly exitOnStop: boolean;
  /** Let made-up traders trade a few instruments. */
  readonly demo: boolean;
  /** Show browsers the page. */
  readonly page: boolean;
  readonly maxClockAheadMs: number;
  readonly anchor: AnchorTarget | undefined;
}

/** The process’s log, on stderr. Fails (usage) for a file of anchors that cannot be used. */
export async function startLogging(console: Console, options: CommonServingOptions): Promise<Logger> {
  const { anchor } = options;
  const logger = await createLogger(console, options);
  logWarnings(logger);
  mustBeAnchors(anchor?.place, logger);
  return logger;
}

type Served = Pick<
  ServerOptions,
  'exchange' | 'cluster' | 'stores' | 'looks' | 'logs' | 'freshness' | 'logger' | 'starting'
>;

export function startHttp(
  served: Served,
  sources: Pick<FeedOptions, 'source' | 'streams'>,
  { feeds: feedBounds, ...options }: CommonServingOptions,
): Promise<RunningServer> {
  const { host, port, keyFile, limits, healthPort, maxLagEvents, rate, allowedOrigins, signatureWindowMs } = options;
  return startServer({
    ...served,
    ...{ host, port, keyFile, limits, healthPort, maxLagEvents, rate, allowedOrigins, signatureWindowMs },
    page: options.page ? readPage() : undefined,
    processMetrics: true,
    acceptAtOnce: ACCEPT_AT_ONCE,
    feeds: { ...sources, ...feedBounds },
  });
}

/** From now on a signal stops the server, and no longer the verb. `onSignal` is called first. */
export function stopOnSignals(
  server: RunningServer,
  console: Console,
  logger: Logger,
  onSignal: () => void = () => undefined,
): void {
  obeySignals(server, logger, (signal) => {
    console.exitCode = signal === 'SIGINT' ? ExitCode.Interrupted : ExitCode.Fine;
    onSignal();
  });
  // Only then: a signal that arrives while nobody listens is lost.
  console.releaseInterrupts();
}

/** Starts the made-up market. The same epoch gives the same one. */
export function startDemo(exchange: ExchangePort, epoch: number, logger: Logger): DemoMarket {
  const demo = new DemoMarket({ exchange, epoch, logger });
  demo.start();
  return demo;
}
