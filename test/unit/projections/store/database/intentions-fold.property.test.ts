import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IntentionsFold } from '../../../../../projections/store/database/intentions-fold.js';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import { MAX_ROWS } from '../../../../../projections/store/queries/query-terms.js';
import { statusNames } from '../../../../../projections/store/database/status.js';
import { History } from '../../../../support/history/history.js';
import { NaiveMarket } from '../../../../support/history/naive-market.js';
import { runs } from '../../../../support/property/runs.js';
import { folded } from '../../folding.js';

const wild = { crash: 0.01, decline: 0.1, auction: 0.02 };
const wanted = fc.record({
  participant: fc.constantFrom(undefined, 'alice', 'bob', 'nobody'),
  instrument: fc.constantFrom(undefined, 'S0', 'S1', 'NONE'),
  side: fc.constantFrom(undefined, 'buy' as const, 'sell' as const),
  status: fc.constantFrom(undefined, ...statusNames),
});

it('The intentions that are gathered from a log are those that the store of this log finds', () => {
  const cases = fc.record({ seed: fc.nat(), length: fc.integer({ min: 20, max: 600 }), wanted });
  fc.assert(
    fc.property(cases, ({ seed, length, wanted: query }) => {
      const history = new History();
      new NaiveMarket(history, seed, wild).run(length);
      const batches = history.batches();
      const store = new QueryStore(':memory:');
      for (const batch of batches) store.add(batch);
      store.commit();
      expect(folded(batches, new IntentionsFold(query)).views()).toEqual(
        store.queries.intentions({ ...query, limit: MAX_ROWS }),
      );
      store.close();
    }),
    runs(60),
  );
});

it('Gathering open intentions forgets those that are closed, so that memory does not grow with the log', () => {
  const history = new History();
  const [alice, acme] = [history.admit('alice'), history.list('ACME')];
  const kept = history.post(alice, acme, 'buy', 50, 3);
  for (let count = 0; count < 25_000; count++) history.withdraw(history.post(alice, acme, 'buy', 50, 3));
  const fold = folded(history.batches(), new IntentionsFold({ status: 'open' }));
  expect(fold.views().map(({ id }) => id)).toEqual([String(kept)]);
  expect(fold.keptCount).toBeLessThanOrEqual(10_001);
});
