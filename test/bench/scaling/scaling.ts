import { BenchEngine } from '../parts/bench-engine.js';
import { checkDeals } from '../parts/engine.js';
import { makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { playFor } from '../generator.js';
import type { Part } from '../part.js';
import { postResting } from '../parts/resting.js';
import { spread } from '../parts/spread.js';
import { median, rounded } from '../statistics.js';

const sizes = [10_000, 100_000, 1_000_000] as const;
const ROUNDS = 7;

/** The same flow at the top of three boards on which more and more others rest: the engine’s processor time for an intention, in slices by turns. */
export const scaling: Part = async ({ quick }) => {
  const block = makeFlow();
  const boards = sizes.map((resting) => {
    const engine = new BenchEngine((empty) => {
      postResting(empty, resting);
    });
    return { resting, engine, player: new FlowPlayer(block), costs: new Array<number>() };
  });
  for (const { player, engine } of boards) playFor(player, engine, quick ? 0.2 : 1);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { player, engine, costs } of boards)
      costs.push(playFor(player, engine, quick ? 0.1 : 0.7).cpuNanoseconds);
  }
  const nanoseconds = boards.map(({ costs }) => median(costs));
  const least = nanoseconds[0] ?? Number.NaN;
  for (const { player, engine, resting } of boards) checkDeals(player, engine, resting);
  return {
    resting: sizes,
    cpuNanosecondsPerIntention: nanoseconds.map((value) => rounded(value)),
    ratioToTenThousand: nanoseconds.map((value) => rounded(value / least, 3)),
    ...(await spread(quick)),
  };
};
