import type { Registry } from 'prom-client';
import type { Reads } from '../../../projections/store/reading/reads.js';
import { addRead } from './read-metrics.js';

/** A scrape does not wait longer than this for a log that is away; its shard is then left out. */
const ASK_MS = 1_000;

/** How far each shard’s store is behind its log. */
export function addLag(registers: Registry[], shards: readonly number[], reads: Reads): void {
  const lagNow = async (shard: number): Promise<readonly (readonly [number, number])[]> => {
    try {
      return [...(await reads.lags([shard], ASK_MS))];
    } catch {
      return []; // a read, or readiness, says why
    }
  };
  addRead(registers, {
    kind: 'gauge',
    name: 'parley_projection_lag_events',
    help: 'Durable events that the projections do not hold yet, by shard.',
    read: async () => new Map((await Promise.all(shards.map(lagNow))).flat()),
  });
}
