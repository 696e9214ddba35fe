import type { Registry } from 'prom-client';
import { within } from '../deadline.js';
import type { Freshness } from './freshness.js';
import { lagOf, type Queries } from './queries.js';
import { addRead } from './read-metrics.js';

/** A scrape does not wait longer than this for a log that is away; its shard is then left out. */
const ASK_MS = 1_000;

/** How far each shard’s store is behind its log. */
export function addLag(registers: Registry[], queries: Queries, freshness: Freshness): void {
  const lagNow = async (shard: number): Promise<[number, number][]> => {
    try {
      const heads = await within(freshness.heads([shard]), ASK_MS, 'asking the log for its head');
      return [[shard, lagOf(queries, shard, heads.get(shard))]];
    } catch {
      return []; // a read, or readiness, says why
    }
  };
  addRead(registers, {
    kind: 'gauge',
    name: 'parley_projection_lag_events',
    help: 'Durable events that the projections do not hold yet, by shard.',
    read: async () => new Map((await Promise.all(queries.shards.map(lagNow))).flat()),
  });
}
