import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { ExchangePort } from '../../../src/exchange/port.js';
import { type RunningServer, type ServerOptions, startServer } from '../../../src/server/server.js';
import type { MemoryLog } from '../log/memory-log.js';
import { PATIENCE_MS } from '../patience.js';
import { deskOf, FedQueries } from './fed-queries.js';
import { stoppedExchange } from './stopped-exchange.js';

/** A server of a log that somebody else writes: what it shows and streams is real, and it takes no command. Until the test is over. */
export async function serverOfLog(log: MemoryLog, options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const store = new FedQueries(log);
  const exchange: ExchangePort = { ...stoppedExchange(0), shards: () => stoppedExchange(store.caughtUpTo).shards() };
  const server = await startServer({
    ...{ exchange, stores: deskOf(new Map([[log.shard, store]])), logs: [log], logger: pino({ level: 'silent' }) },
    ...{ port: 0, catchUpMs: PATIENCE_MS, stopMs: 500, ...options },
  });
  onTestFinished(async () => {
    store.end();
    await server.stop();
  });
  return server;
}
