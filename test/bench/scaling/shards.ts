import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Part, say, thousands } from '../part.js';
import { compareFronts } from './fronts.js';
import { compared, type Pace, paceOf } from './pace.js';
import { median, rounded } from '../statistics.js';
import type { LaneData, LaneStretch, ToLane } from './shard-lane.js';

const SHARDS = 2;
const ROUNDS = 5;
const COUNT_SECONDS = 0.5;

/**
 * Two shards of one process, each written and posted to by a thread of its own, to one such: durable intentions, on the same disk, by
 * turns. Beside it what the machine has to give to two threads that only count, to one; and the same through the front of a server, which
 * routes what one producer posts.
 */
export const shards: Part = async ({ seconds, quick, folder }) => {
  const rounds = quick ? 1 : ROUNDS;
  const stretch = quick ? 0.5 : Math.max(2, seconds / 10);
  const lanes = Array.from({ length: SHARDS }, (_, shard) => laneOf({ folder: join(folder, `lane-${shard}`), shard }));
  const [alone] = lanes;
  if (alone === undefined) throw new Error('there is no lane');
  await rateOf(lanes, quick ? 0.2 : 2);
  const one: Pace[] = [];
  const two: Pace[] = [];
  const counted: number[] = [];
  for (let round = 0; round < rounds; round++) {
    one.push(await rateOf([alone], stretch));
    two.push(await rateOf(lanes, stretch));
    counted.push((await countOf(lanes)) / (await countOf([alone])));
    say(
      `shards: one ${thousands(one.at(-1)?.perSecond ?? 0)}, two ${thousands(two.at(-1)?.perSecond ?? 0)} durable intentions a second`,
    );
  }
  await Promise.all(lanes.map((lane) => tell(lane, { end: true }, 'exit')));
  const countingRatio = rounded(median(counted), 3);
  return { ...compared(one, two), countingRatio, front: await compareFronts(join(folder, 'fronts'), rounds, stretch) };
};

function laneOf(data: LaneData): Worker {
  return new Worker(new URL('./shard-lane.js', import.meta.url), { workerData: data });
}

async function countOf(lanes: readonly Worker[]): Promise<number> {
  const told = await Promise.all(lanes.map((lane) => tell(lane, { countSeconds: COUNT_SECONDS }, 'message')));
  return (told as number[]).reduce((sum, each) => sum + each, 0); // as the lane tells it
}

/** Of all lanes together. */
function rateOf(lanes: readonly Worker[], seconds: number): Promise<Pace> {
  return paceOf(async () => {
    const told = await Promise.all(lanes.map((lane) => tell(lane, { seconds }, 'message')));
    const stretches = told as LaneStretch[]; // as the lane tells it
    return {
      perSecond: stretches.reduce((sum, lane) => sum + lane.intentions / lane.seconds, 0),
      intentions: stretches.reduce((sum, lane) => sum + lane.intentions, 0),
    };
  });
}

async function tell(lane: Worker, told: ToLane, answer: 'message' | 'exit'): Promise<unknown> {
  const answered = once(lane, answer) as Promise<unknown[]>;
  lane.postMessage(told);
  return (await answered)[0];
}
