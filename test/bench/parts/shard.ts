import { makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { NullLog } from './null-log.js';
import type { Part } from '../part.js';
import { Producer } from './producer.js';
import { ShardTaker } from '../flow/shard-taker.js';
import { rounded } from '../statistics.js';

/** A whole shard on a log that keeps nothing: client ids, turns, encoding, digests, answers; everything but the disk. */
export const shard: Part = async ({ quick }) => {
  const taker = await ShardTaker.open(new NullLog());
  const producer = new Producer(new FlowPlayer(makeFlow()), taker);
  await producer.run(quick ? 0.3 : 1);
  const { intentions, seconds, cpuSeconds } = await producer.run(quick ? 1 : 8);
  await taker.shard.close();
  const rate = intentions / seconds;
  return {
    intentionsPerSecond: rounded(rate),
    nanosecondsPerIntention: rounded(1e9 / rate),
    cpuNanosecondsPerIntention: rounded((1e9 * cpuSeconds) / intentions),
  };
};
