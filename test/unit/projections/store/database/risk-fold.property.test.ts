import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DirectoryFold } from '../../../../../projections/directory/directory.js';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import { RiskFold } from '../../../../../projections/store/database/risk-fold.js';
import { joinedAccounts } from '../../../../../projections/store/queries/account.js';
import { foldBatch } from '../../../../../src/events/fold.js';
import { FanOut } from '../../../../../src/events/handlers.generated.js';
import { History } from '../../../../support/history/history.js';
import { NaiveMarket } from '../../../../support/history/naive-market.js';
import { runs } from '../../../../support/property/runs.js';

const people = ['alice', 'bob', 'carol', 'dave'] as const;

it('A fold of one participant’s switch and limits has, after each batch of the log, what its account in a store has', () => {
  const property = fc.property(fc.nat(), fc.integer({ min: 20, max: 600 }), (seed, length) => {
    const history = new History();
    new NaiveMarket(history, seed, { crash: 0.01, decline: 0.05, auction: 0.01, risk: 0.2 }).run(length);
    const store = new QueryStore(':memory:');
    const directory = new DirectoryFold();
    const folds = people.map((name) => new RiskFold(directory, name));
    const all = new FanOut([directory, ...folds]);
    for (const batch of history.batches()) {
      foldBatch(batch, all);
      store.add(batch);
      store.commit();
      people.forEach((participant, index) => {
        const found = store.queries.account({ participant });
        const { switches = [], limits = [] } = folds[index] ?? {};
        expect(found.switch === undefined ? [] : [{ participant, ...found.switch }]).toEqual(switches);
        expect(found.limits ?? []).toEqual(limits);
      });
    }
    store.close();
  });
  fc.assert(property, runs(40));
});

it('The account of several shards has the switch that is the first to lapse, and each limit once', () => {
  const nothing = { participant: 'alice', intentions: [], positions: [], deals: [], moreDeals: false };
  const everywhere = { participant: 'alice', halted: true };
  const soon = { withinMs: 1_000, lapsesAt: '2030-01-01T00:00:01.000Z' };
  const late = { withinMs: 1_000, lapsesAt: '2030-01-01T00:00:02.000Z' };
  const inOne = { participant: 'alice', instrument: 'ACME', openQuantity: '5', halted: false };
  const joined = joinedAccounts('alice', [
    { ...nothing, switch: late, limits: [everywhere] },
    { ...nothing, switch: soon, limits: [everywhere, inOne] },
    nothing,
  ]);
  expect(joined).toEqual({ ...nothing, switch: soon, limits: [everywhere, inOne] });
  expect(joinedAccounts('alice', [nothing, nothing])).toEqual(nothing);
});
