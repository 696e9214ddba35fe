import type { Part, PartOptions } from '../part.js';
import { runPart } from '../part-process.js';
import { median, rounded } from '../statistics.js';
import type { ShardPace } from '../parts/shard.js';

const ROUNDS = 5;

/** What an intention costs on shard 1, whose ids lie beyond 2^31, to what it costs on shard 0: processor time, in processes by turns. */
export const shardOne: Part = async (options) => {
  const { quick } = options;
  const ratios: number[] = [];
  const one: number[] = [];
  for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
    const zero = await costOf('shardSlice0', options);
    const other = await costOf('shardSlice1', options);
    one.push(other);
    ratios.push(other / zero);
  }
  return { cpuNanosecondsPerIntention: rounded(median(one)), ratio: rounded(median(ratios), 3) };
};

async function costOf(slice: string, { quick, folder }: PartOptions): Promise<number> {
  const args = ['--folder', folder, ...(quick ? ['--quick'] : [])];
  const pace = (await runPart(slice, args, [])) as ShardPace; // as the slice's part gives it
  return pace.cpuNanosecondsPerIntention;
}
