import { makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { NullLog } from './null-log.js';
import type { Part, PartOptions } from '../part.js';
import { Producer } from './producer.js';
import { ShardTaker } from '../flow/shard-taker.js';
import { rounded } from '../statistics.js';

/** What one run of a whole shard came to. */
export interface ShardPace {
  readonly intentionsPerSecond: number;
  readonly nanosecondsPerIntention: number;
  readonly cpuNanosecondsPerIntention: number;
}

/** A whole shard on a log that keeps nothing: client ids, turns, encoding, digests, answers; everything but the disk. */
export const shard: Part = ({ quick }) => runShard(0, quick ? 1 : 8, quick);

/** A slice of it, in a process of its own: V8 keeps what it learns from the ids of one shard, and applies it to the next. */
export const shardSlice =
  (number: number): Part =>
  ({ quick }: PartOptions) =>
    runShard(number, quick ? 0.3 : 3, quick);

async function runShard(number: number, length: number, quick: boolean): Promise<ShardPace> {
  const taker = await ShardTaker.open(new NullLog(number));
  const producer = new Producer(new FlowPlayer(makeFlow()), taker);
  await producer.run(quick ? 0.3 : 1);
  const { intentions, seconds, cpuSeconds } = await producer.run(length);
  await taker.shard.close();
  const rate = intentions / seconds;
  return {
    intentionsPerSecond: rounded(rate),
    nanosecondsPerIntention: rounded(1e9 / rate),
    cpuNanosecondsPerIntention: rounded((1e9 * cpuSeconds) / intentions),
  };
}
