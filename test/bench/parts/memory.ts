import { BenchEngine } from './bench-engine.js';
import { NullLog } from './null-log.js';
import type { Part } from '../part.js';
import { postResting } from './resting.js';
import { flushed, ShardTaker } from '../flow/shard-taker.js';
import { rounded } from '../statistics.js';

const CHUNK = 1_000;

/** Bytes in use, on the heap and outside it. `external` counts array buffers too. */
function bytesInUse(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * What one million resting intentions hold. `bytesPerRestingIntention`: all that a serving shard has for them, the index of client ids
 * included, which also remembers intentions that are long gone. `bytesPerNegotiator`: the engine’s part.
 */
export const memory: Part = async ({ quick }) => {
  const count = quick ? 100_000 : 1_000_000;
  const engine = new BenchEngine();
  const beforeEngine = bytesInUse();
  postResting(engine, count);
  const negotiators = (bytesInUse() - beforeEngine) / count;
  if (engine.market.negotiators.size !== count) throw new Error('not all of them rest');

  const taker = await ShardTaker.open(new NullLog());
  const beforeShard = bytesInUse();
  taker.beginChunk();
  for (let from = 0; from < count; from += CHUNK) {
    postResting(taker, CHUNK, from);
    await flushed(taker.shard);
  }
  const whole = (bytesInUse() - beforeShard) / count;
  await taker.shard.close();
  return {
    restingIntentions: count,
    bytesPerRestingIntention: rounded(whole),
    bytesPerNegotiator: rounded(negotiators),
  };
};
