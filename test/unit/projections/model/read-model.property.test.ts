import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookFold } from '../../../../projections/book/book.js';
import { LedgerFold } from '../../../../projections/ledger/ledger.js';
import { pack, unpack } from '../../../../projections/model/packed.js';
import { ReadModel } from '../../../../projections/model/read-model.js';
import { TapeFold } from '../../../../projections/tape/tape.js';
import { Side } from '../../../../src/domain/terms.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import { foldBatch } from '../../../../src/events/fold.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { runs } from '../../../support/property/runs.js';
import { folded } from '../folding.js';

const RUNS = runs(40);
const wild = { crash: 0.01, decline: 0.1, auction: 0.02, risk: 0.03 };
/** Evenly: doubles would nearly always be next to 0. */
const share = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);
const cases = fc.record({
  seed: fc.nat(),
  length: fc.integer({ min: 20, max: 1_200 }),
  cut: share,
  earlier: share,
});

function historyOf(seed: number, length: number): { batches: EventBatch[]; head: number } {
  const history = new History();
  new NaiveMarket(history, seed, wild).run(length);
  return { batches: history.batches(), head: history.head };
}

/** Goes on from where a model stands. */
function foldOn(model: ReadModel, batches: readonly EventBatch[], until: number): ReadModel {
  const from = model.foldedTo;
  for (const batch of batches) {
    if (batch.firstPosition + batch.count > from) foldBatch(batch, model, from, until);
  }
  return model;
}

describe('a model of any moment of any history', () => {
  it('A model that was dumped and loaded is the one that was dumped, to the last byte', () => {
    const property = fc.property(cases, ({ seed, length, cut }) => {
      const { batches, head } = historyOf(seed, length);
      const model = folded(batches, new ReadModel(), Math.floor(cut * head));
      const bytes = pack(model.dump());
      const loaded = ReadModel.load(unpack(bytes));
      expect(Buffer.compare(pack(loaded.dump()), bytes)).toBe(0);
      expect(Buffer.compare(pack(model.copy().dump()), bytes)).toBe(0);
    });
    fc.assert(property, RUNS);
  });

  it('A model that was dumped stays as it was then in its dump, whatever is folded afterwards', () => {
    const property = fc.property(cases, ({ seed, length, cut, earlier }) => {
      const { batches, head } = historyOf(seed, length);
      const until = Math.floor(cut * head);
      const model = folded(batches, new ReadModel(), Math.floor(earlier * until));
      const dump = model.dump();
      const bytes = pack(dump);
      foldOn(model, batches, until);
      expect(Buffer.compare(pack(dump), bytes)).toBe(0);
    });
    fc.assert(property, RUNS);
  });

  it('A model that goes on from any earlier moment is the one that began with the log', () => {
    const property = fc.property(cases, ({ seed, length, cut, earlier }) => {
      const { batches, head } = historyOf(seed, length);
      const until = Math.floor(cut * head);
      const from = Math.floor(earlier * until);
      const whole = pack(folded(batches, new ReadModel(), until).dump());
      const before = folded(batches, new ReadModel(), from);
      const copy = before.copy();
      const onward = foldOn(ReadModel.load(before.dump()), batches, until);
      expect(Buffer.compare(pack(onward.dump()), whole)).toBe(0);
      expect(Buffer.compare(pack(foldOn(copy, batches, until).dump()), whole)).toBe(0);
      expect(before.foldedTo).toBe(from);
    });
    fc.assert(property, RUNS);
  });

  it('A model shows the book, the positions and the last prices that the folds of each show', () => {
    const property = fc.property(cases, ({ seed, length, cut }) => {
      const { batches, head } = historyOf(seed, length);
      const until = Math.floor(cut * head);
      const model = ReadModel.load(folded(batches, new ReadModel(), until).dump());
      const book = folded(batches, new BookFold(), until);
      const ledger = folded(batches, new LedgerFold(), until);
      const tape = folded(batches, new TapeFold(), until);
      for (const instrument of [1, 2, 3]) {
        for (const side of [Side.Buy, Side.Sell]) {
          expect(model.levels(instrument, side, 3)).toEqual(book.levels(instrument, side, 3));
        }
        expect(model.lastDeals.get(instrument)?.priceTicks).toBe(tape.lastPriceTicks(instrument));
      }
      expect(model.holdings.positions()).toEqual(ledger.positions());
      expect(model.dealsConfirmed).toBe(ledger.dealsConfirmed);
    });
    fc.assert(property, RUNS);
  });
});
