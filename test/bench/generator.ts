import { makeFlow } from './flow/flow.js';
import { FlowPlayer, type FlowTaker } from './flow/flow-player.js';
import type { Part } from './part.js';
import { median, rounded } from './statistics.js';

const CHUNK_POSTS = 4096;

/** How fast it went. On a machine that others use too, processor time says more than the clock does. */
export interface Pace {
  readonly perSecond: number;
  /** Processor time of the whole process for one intention; the collector’s and the compiler’s threads count too. */
  readonly cpuNanoseconds: number;
}

/** Plays for so many seconds. */
export function playFor(player: FlowPlayer, taker: FlowTaker, seconds: number): Pace {
  const before = player.posted;
  const cpu = process.cpuUsage();
  const from = performance.now();
  let elapsedMs = 0;
  while (elapsedMs < 1_000 * seconds) {
    player.play(CHUNK_POSTS, taker);
    elapsedMs = performance.now() - from;
  }
  const { user, system } = process.cpuUsage(cpu);
  const posted = player.posted - before;
  return { perSecond: (1_000 * posted) / elapsedMs, cpuNanoseconds: (1_000 * (user + system)) / posted };
}

/** Looks at all it is given and does nothing with it. */
class Onlooker implements FlowTaker {
  sum = 0;

  post(clientIntentionId: string, participant: string, side: number, priceTicks: number, quantityLots: number): void {
    this.sum += clientIntentionId.charCodeAt(0) + participant.length + side + priceTicks + quantityLots;
  }

  withdraw(intention: number): void {
    this.sum += intention;
  }
}

/** What the generator itself costs: it is part of all rates of parts that play the flow in their own process. */
export const generator: Part = async ({ quick }) => {
  const block = makeFlow();
  const player = new FlowPlayer(block);
  const onlooker = new Onlooker();
  playFor(player, onlooker, 0.5);
  const paces = [1, 2, 3].map(() => playFor(player, onlooker, quick ? 0.2 : 1));
  if (onlooker.sum === 0) throw new Error('the generator made nothing');
  const { crossingShare, dealsPerIntention, withdrawnShare, meanResting, meanLevels } = block.shape;
  return {
    nanosecondsPerIntention: rounded(1e9 / median(paces.map(({ perSecond }) => perSecond))),
    cpuNanosecondsPerIntention: rounded(median(paces.map(({ cpuNanoseconds }) => cpuNanoseconds))),
    flow: {
      block: block.posts,
      crossingShare: rounded(crossingShare, 3),
      dealsPerIntention: rounded(dealsPerIntention, 3),
      withdrawnShareOfResting: rounded(withdrawnShare, 3),
      meanResting: Math.round(meanResting),
      meanLevels: Math.round(meanLevels),
    },
  };
};
