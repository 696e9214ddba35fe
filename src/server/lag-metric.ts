import { Gauge, type Registry } from 'prom-client';
import { within } from './deadline.js';
import type { Freshness } from './freshness.js';
import type { Queries } from './queries.js';

/** A scrape does not wait longer than this for a log that is away; its shard is then left out. */
const ASK_MS = 1_000;

/** How far each shard’s store is behind its log. */
export function addLag(registers: Registry[], queries: Queries, freshness: Freshness): void {
  const lagOf = async (shard: number): Promise<number | undefined> => {
    try {
      const heads = await within(freshness.heads([shard]), ASK_MS, 'asking the log for its head');
      return Math.max(0, (heads.get(shard) ?? 0) - Math.max(0, queries.caughtUpTo([shard]).get(shard) ?? 0));
    } catch {
      return undefined; // whoever reads says why
    }
  };
  new Gauge({
    name: 'parley_projection_lag_events',
    help: 'Durable events that the projections do not hold yet, by shard.',
    labelNames: ['shard'],
    registers,
    async collect() {
      const lags = await Promise.all(queries.shards.map(lagOf));
      this.reset();
      queries.shards.forEach((shard, index) => {
        const lag = lags[index];
        if (lag !== undefined) this.set({ shard }, lag);
      });
    },
  });
}
