import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { PostIntention } from '../../../src/exchange/commands.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { buildApp } from '../../../src/server/app.js';
import type { ServerDeps } from '../../../src/server/context.js';
import { openKeyring } from '../../../src/server/keys/keys.js';
import { MemoryLog } from '../log/memory-log.js';
import { PATIENCE_MS } from '../patience.js';
import { deskOf, FedQueries } from './fed-queries.js';

/**
 * Several shards, each with a real exchange, a log in memory and a store, and what a server of all of them is built on. Commands are
 * given to the exchanges themselves: which of them a command is for is not decided here.
 */
export interface Shards {
  readonly logs: readonly MemoryLog[];
  readonly stores: readonly FedQueries[];
  readonly deps: ServerDeps;
  /** Lists an instrument whose prices and quantities are whole. */
  list(shard: number, symbol: string, lotSize?: string): Promise<void>;
  /** Posts, and gives the intention's id. */
  post(
    shard: number,
    command: Omit<PostIntention, 'clientIntentionId'> & { clientIntentionId?: string },
  ): Promise<string>;
}

export async function openShards(count: number): Promise<Shards> {
  const logs = Array.from({ length: count }, (_, shard) => new MemoryLog({ shard }));
  const exchanges = await Promise.all(logs.map((log) => Exchange.open(log)));
  const stores = logs.map((log) => new FedQueries(log));
  onTestFinished(async () => {
    for (const store of stores) store.end();
    for (const exchange of exchanges) await exchange.close();
  });
  const of = (shard: number): Exchange => {
    const exchange = exchanges[shard];
    if (exchange === undefined) throw new RangeError(`there is no shard ${shard}`);
    return exchange;
  };
  let posts = 0;
  return {
    ...{ logs, stores },
    deps: {
      exchange: of(0),
      stores: deskOf(new Map(stores.entries())),
      logs,
      keys: openKeyring,
      logger: pino({ level: 'silent' }),
      catchUpMs: PATIENCE_MS,
    },
    list: async (shard, symbol, lotSize = '1') => {
      const answer = await of(shard).list({ symbol, tickSize: '1', lotSize });
      if (!answer.ok) throw new Error(answer.code);
    },
    post: async (shard, command) => {
      const answer = await of(shard).post({ clientIntentionId: `c-${++posts}`, ...command });
      if (!answer.ok) throw new Error(answer.code);
      return answer.id;
    },
  };
}

/** The server of all shards, for `inject`. */
export function appOfShards(shards: Shards, options: Partial<ServerDeps> = {}): FastifyInstance {
  const app = buildApp({ ...shards.deps, ...options });
  onTestFinished(async () => {
    await app.close();
  });
  return app;
}
