import { BenchEngine } from './bench-engine.js';
import { makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { playFor } from '../generator.js';
import type { Part } from '../part.js';
import { median, rounded } from '../statistics.js';

/** The engine without a log: turns, handshake, encoding; no client ids and no disk. */
export const engine: Part = async ({ quick }) => {
  const player = new FlowPlayer(makeFlow());
  const engine = new BenchEngine();
  const seconds = quick ? 0.5 : 3;
  playFor(player, engine, 1);
  const eventsBefore = engine.events;
  const postedBefore = player.posted;
  const paces = [1, 2, 3].map(() => playFor(player, engine, seconds));
  const events = engine.events - eventsBefore;
  const posted = player.posted - postedBefore;
  checkDeals(player, engine);
  const rate = median(paces.map(({ perSecond }) => perSecond));
  return {
    intentionsPerSecond: rounded(rate),
    nanosecondsPerIntention: rounded(1e9 / rate),
    cpuNanosecondsPerIntention: rounded(median(paces.map(({ cpuNanoseconds }) => cpuNanoseconds))),
    eventsPerSecond: rounded((rate * events) / posted),
    eventsPerIntention: rounded(events / posted, 3),
  };
};

/** The engine must have made the deals that the generator’s own book has made, and at the end of a round hold nobody but who rested before. */
export function checkDeals(player: FlowPlayer, engine: BenchEngine, resting = 0): void {
  player.finishRound(engine);
  const { dealsConfirmed, dealsAborted, negotiators } = engine.market;
  const expected = player.dealsOfWholeRounds;
  if (dealsConfirmed !== expected || dealsAborted !== 0 || negotiators.size !== resting) {
    throw new Error(
      `${dealsConfirmed} deals, ${dealsAborted} aborted, ${negotiators.size} resting; expected ${expected} deals and ${resting} resting`,
    );
  }
}
