import { expect, it } from 'vitest';
import { BenchEngine } from '../../../bench/parts/bench-engine.js';
import { checkDeals } from '../../../bench/parts/engine.js';
import { FlowBook, type FlowDeal } from '../../../bench/flow/flow-book.js';
import { Kind, makeFlow } from '../../../bench/flow/flow.js';
import { FlowPlayer, type FlowTaker } from '../../../bench/flow/flow-player.js';
import { checkSameDeals } from '../../../bench/flow/peer-taker.js';

/** Writes down what it is given. */
class Scribe implements FlowTaker {
  readonly ids: string[] = [];
  readonly commands: string[] = [];
  post(clientIntentionId: string, participant: string, side: number, priceTicks: number, quantityLots: number): void {
    this.ids.push(clientIntentionId);
    this.commands.push(`${side} ${priceTicks} ${quantityLots} ${participant}`);
  }
  withdraw(intention: number): void {
    this.commands.push(`withdraw ${intention}`);
  }
}

it('The generator makes the same flow each time', () => {
  expect(makeFlow(2_000)).toEqual(makeFlow(2_000));
});

it('The flow lets about 60 in 100 cross and withdraws about a third of those that rest', () => {
  const { shape } = makeFlow(50_000);
  expect(shape.crossingShare).toBeCloseTo(0.6, 1);
  expect(shape.withdrawnShare).toBeCloseTo(1 / 3, 1);
  expect(shape.meanLevels).toBeGreaterThan(25);
  expect(shape.meanLevels).toBeLessThan(80);
});

it('The flow leaves nobody resting at the end of a block', () => {
  const block = makeFlow(3_000);
  const book = new FlowBook();
  for (let at = 0; at < block.commands; at++) {
    const kind = block.kinds[at] ?? 0;
    if (kind === Kind.Withdraw) book.withdraw(block.intentions[at] ?? 0);
    else book.arrive(kind, block.priceTicks[at] ?? 0, block.lots[at] ?? 0);
  }
  expect(book.resting).toBe(0);
  expect(book.deals).toBe(block.shape.deals);
});

it('The player plays the same commands in each round, with ids of their own', () => {
  const scribe = new Scribe();
  const player = new FlowPlayer(makeFlow(500));
  player.play(700, scribe);
  player.finishRound(scribe);
  const half = scribe.commands.length / 2;
  const withoutNumbers = scribe.commands.map((command) =>
    command.replace(/(?<=withdraw )\d+/, (n) => String(Number(n) % 500)),
  );
  expect(withoutNumbers.slice(half)).toEqual(withoutNumbers.slice(0, half));
  expect(new Set(scribe.ids).size).toBe(1_000);
  expect(Math.max(...scribe.ids.map((id) => id.length))).toBeLessThan(13);
});

it('The engine makes the deals that the flow’s own book makes', () => {
  const player = new FlowPlayer(makeFlow(2_000));
  const engine = new BenchEngine();
  player.play(4_500, engine);
  checkDeals(player, engine);
  expect(player.dealsOfWholeRounds).toBe(3 * makeFlow(2_000).shape.deals);
});

it('The peer makes the same deals as the engine', () => {
  const deals: FlowDeal[] = [];
  const block = makeFlow(3_000, (deal) => deals.push(deal));
  expect(checkSameDeals(block, 3_000)).toBe(deals.length);
});
