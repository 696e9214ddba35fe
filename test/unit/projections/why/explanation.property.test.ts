import { describe, expect, it } from 'vitest';
import { WhyFold } from '../../../../projections/why/why-fold.js';
import { foldBatch } from '../../../../src/events/fold.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';

/** What the log itself says that an intention was filled. */
function filledOf(history: History, intentionId: number): number {
  let lots = 0;
  for (const event of history.events) {
    if (event.type === 'DealSettled' && event.intentionId === intentionId) lots += event.quantityLots;
  }
  return lots;
}

describe('an explanation, however a market goes', () => {
  it.each([21, 22, 23])(
    'An explanation, however a market goes, accounts for what was filled, in the order of the log (seed %i)',
    (seed) => {
      const history = new History();
      new NaiveMarket(history, seed, { crash: 0.02, decline: 0.05, auction: 0.02 }).run(3000);
      const batches = history.batches();
      for (let intentionId = 1; intentionId < 500; intentionId += 17) {
        const fold = new WhyFold(intentionId);
        for (const batch of batches) foldBatch(batch, fold);
        const explanation = fold.explain();
        if (explanation === undefined) throw new Error(`seed ${seed} posts fewer than ${intentionId} intentions`);
        const { reasons, filledLots } = explanation;
        const dealt = reasons.reduce((sum, reason) => sum + (reason.kind === 'deal' ? reason.lots : 0), 0);
        expect(dealt).toBe(filledLots);
        expect(filledLots).toBe(filledOf(history, intentionId));
        const positions = reasons.map((reason) => reason.position);
        expect(positions).toEqual([...positions].sort((one, other) => one - other));
      }
    },
  );
});
