import { EngineDesk } from './engine-desk.js';
import { makeFlow } from './flow.js';
import { FlowPlayer } from './flow-player.js';
import { playFor } from './generator.js';
import type { Part } from './part.js';
import { median, rounded } from './statistics.js';

/** The engine without a log: turns, handshake, encoding; no client ids and no disk. */
export const engine: Part = async ({ quick }) => {
  const player = new FlowPlayer(makeFlow());
  const desk = new EngineDesk();
  const seconds = quick ? 0.5 : 3;
  playFor(player, desk, 1);
  const eventsBefore = desk.events;
  const postedBefore = player.posted;
  const paces = [1, 2, 3].map(() => playFor(player, desk, seconds));
  const events = desk.events - eventsBefore;
  const posted = player.posted - postedBefore;
  checkDeals(player, desk);
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
export function checkDeals(player: FlowPlayer, desk: EngineDesk, resting = 0): void {
  player.finishRound(desk);
  const { dealsConfirmed, dealsAborted, negotiators } = desk.market;
  const expected = player.dealsOfWholeRounds;
  if (dealsConfirmed !== expected || dealsAborted !== 0 || negotiators.size !== resting) {
    throw new Error(
      `${dealsConfirmed} deals, ${dealsAborted} aborted, ${negotiators.size} resting; expected ${expected} deals and ${resting} resting`,
    );
  }
}
