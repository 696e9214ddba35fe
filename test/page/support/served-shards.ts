import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { ParleyClient } from '../../../src/client/client.js';
import { ClusterExchange } from '../../../src/cluster/forwarding/router.js';
import { shardOfSymbol } from '../../../src/cluster/shard-of.js';
import { startServer } from '../../../src/server/server.js';
import { symbolIn } from '../../support/cluster/http-members.js';
import { TestCluster } from '../../support/cluster/members.js';
import { deskOf, FedQueries } from '../../support/http/fed-queries.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { builtPage } from './served.js';

export interface ServedShards {
  readonly url: string;
  readonly client: ParleyClient;
  /** An instrument of each shard. */
  readonly symbols: readonly [string, string];
  /** At a price of its own: alice buys, bob sells, and they deal; a second passes. */
  deal(shard: 0 | 1, price: number): Promise<void>;
}

/** A cluster of one member with two shards, whose clock only passes with its deals, and its page, until the test is over. */
export async function servedShards(): Promise<ServedShards> {
  const cluster = new TestCluster(2);
  const test = cluster.add('a');
  const exchange = new ClusterExchange({ member: test.member, key: undefined, waitMs: PATIENCE_MS });
  const fed = cluster.logs.map((log) => new FedQueries(log));
  const stores = deskOf(new Map(fed.entries()), { shardOfInstrument: (symbol) => shardOfSymbol(symbol, 2) });
  const server = await startServer({
    ...{ exchange, stores, logs: cluster.logs, cluster: exchange.cluster, logger: pino({ level: 'silent' }) },
    ...{ page: builtPage(), catchUpMs: PATIENCE_MS, port: 0, stopMs: 500 },
  });
  onTestFinished(async () => {
    await cluster.time.during(exchange.close());
    await server.stop();
    for (const store of fed) store.end();
  });
  test.start();
  await cluster.ready(test);
  const symbols = [symbolIn(0, 2), symbolIn(1, 2)] as const;
  for (const symbol of symbols) await exchange.list({ symbol, tickSize: '1', lotSize: '1' });
  let posts = 0;
  const deal = async (shard: 0 | 1, price: number): Promise<void> => {
    const terms = { instrument: symbols[shard], price: String(price), quantity: '10' };
    for (const [participant, side] of [
      ['alice', 'buy'],
      ['bob', 'sell'],
    ] as const) {
      await exchange.post({ ...terms, participant, side, clientIntentionId: `c-${++posts}` });
    }
    await exchange.post({
      ...terms,
      price: String(price - 5),
      participant: 'alice',
      side: 'buy',
      clientIntentionId: `c-${++posts}`,
    });
    await cluster.time.pass(1_000);
  };
  return { url: server.url, client: new ParleyClient({ url: server.url }), symbols, deal };
}
