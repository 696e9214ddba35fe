import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { Exchange } from '../../../src/exchange/exchange.js';
import { buildApp } from '../../../src/server/app.js';
import type { ServerDeps } from '../../../src/server/context.js';
import type { ShardStores } from '../../../projections/store/reading/shard-stores.js';
import { type Keyring, openKeyring } from '../../../src/server/keys/keys.js';
import { type RunningServer, type ServerOptions, startServer } from '../../../src/server/server.js';
import { MemoryLog } from '../log/memory-log.js';
import { PATIENCE_MS } from '../patience.js';
import { deskOf, FedQueries } from './fed-queries.js';
import { StagedExchange } from './staged-exchange.js';

/** A market with ACME (tick 0.01, lot 1, band 1.00 to 100.00): all of it real but the log, which is in memory. */
export interface Market {
  readonly exchange: StagedExchange;
  readonly stores: ShardStores;
  /** The one behind `stores`. */
  readonly store: FedQueries;
  readonly log: MemoryLog;
  readonly logs: readonly [MemoryLog];
  readonly logger: ServerDeps['logger'];
  /** How long its server lets a read wait: what waits for less is about being late. */
  readonly catchUpMs: number;
  /** What the server has logged. */
  readonly logged: { readonly level: number; readonly msg: string }[];
}

export async function openMarket(log = new MemoryLog()): Promise<Market> {
  const exchange = new StagedExchange(await Exchange.open(log, { readMs: PATIENCE_MS }));
  const store = new FedQueries(log);
  const stores = deskOf(new Map([[log.shard, store]]));
  await exchange.list({ symbol: 'ACME', tickSize: '0.01', lotSize: '1', minPrice: '1.00', maxPrice: '100.00' });
  const logged: Market['logged'] = [];
  const write = (line: string): void => void logged.push(JSON.parse(line) as (typeof logged)[number]); // pino’s lines have both
  const logger = pino({ level: 'info' }, { write });
  onTestFinished(async () => {
    store.end();
    if (!exchange.isClosed) await exchange.close();
  });
  return { exchange, stores, store, log, logs: [log], logger, catchUpMs: PATIENCE_MS, logged };
}

/** The server for `inject`. */
export function appOf(market: Market, keys: Keyring = openKeyring, options: Partial<ServerDeps> = {}): FastifyInstance {
  const app = buildApp({ ...market, keys, ...options });
  onTestFinished(async () => {
    await app.close();
  });
  return app;
}

/** The server on a free port. */
export async function listen(market: Market, options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ ...market, port: 0, stopMs: 500, ...options });
  onTestFinished(() => server.stop());
  return server;
}

let intentions = 0;

/** A post of alice’s, to buy 100 ACME at 10.25, with a clientIntentionId of its own. */
export function aPost(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const clientIntentionId = `c-${++intentions}`;
  const terms = { instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100', timeInForce: 'gtc' };
  return { clientIntentionId, participant: 'alice', ...terms, ...fields };
}
