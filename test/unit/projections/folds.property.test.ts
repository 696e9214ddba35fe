import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookFold } from '../../../projections/book/book.js';
import { LedgerFold } from '../../../projections/ledger/ledger.js';
import { foldLog } from '../../../projections/read-models.js';
import { TapeFold } from '../../../projections/tape/tape.js';
import { Side } from '../../../src/domain/terms.js';
import { History } from '../../support/history/history.js';
import { logOf } from '../../support/history/history-log.js';
import { type Chances, NaiveMarket } from '../../support/history/naive-market.js';
import { NaiveProjections } from './naive-projections.js';
import { runs } from '../../support/property/runs.js';

const RUNS = runs(25);
const wild: Chances = { crash: 0.01, decline: 0.1, auction: 0.02 };
const cases = fc.record({
  seed: fc.nat(),
  length: fc.integer({ min: 20, max: 1500 }),
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
});

function historyOf(seed: number, length: number): History {
  const history = new History();
  new NaiveMarket(history, seed, wild).run(length);
  history.batches();
  return history;
}

describe('at any position of any history', () => {
  it('At any position of any history, the book shows what a naive look at all intentions shows', async () => {
    const property = fc.asyncProperty(cases, async ({ seed, length, cut }) => {
      const history = historyOf(seed, length);
      const until = Math.floor(cut * history.head);
      const book = new BookFold();
      await foldLog(logOf(history), [book], { until });
      const naive = new NaiveProjections(history.events.slice(0, until));
      for (const instrument of [1, 2, 3]) {
        expect(book.levels(instrument, Side.Buy)).toEqual(naive.levels(instrument, 'buy'));
        expect(book.levels(instrument, Side.Sell)).toEqual(naive.levels(instrument, 'sell'));
      }
    });
    await fc.assert(property, RUNS);
  });

  it('At any position of any history, positions are what a naive look at all deals gives, and all balances are zero', async () => {
    const property = fc.asyncProperty(cases, async ({ seed, length, cut }) => {
      const history = historyOf(seed, length);
      const until = Math.floor(cut * history.head);
      const ledger = new LedgerFold();
      await foldLog(logOf(history), [ledger], { until });
      const naive = new NaiveProjections(history.events.slice(0, until));
      expect([ledger.dealsConfirmed, ledger.dealsAborted]).toEqual([naive.deals.length, naive.aborted]);
      for (const { participantId, instrumentId, netLots, cashTurnover } of ledger.positions()) {
        expect({ net: netLots, cash: cashTurnover }).toEqual(naive.position(participantId, instrumentId));
      }
      for (const balance of ledger.balances()) expect(balance).toMatchObject({ netLots: 0n, cashTurnover: 0n });
    });
    await fc.assert(property, RUNS);
  });

  it('At any position of any history, the tape shows each deal of a naive list, and its candles add up to them', async () => {
    const property = fc.asyncProperty(cases, async ({ seed, length, cut }) => {
      const history = historyOf(seed, length);
      const until = Math.floor(cut * history.head);
      const tape = new TapeFold({ dealsKept: 10_000, intervalsMs: [100] });
      await foldLog(logOf(history), [tape], { until });
      const naive = new NaiveProjections(history.events.slice(0, until));
      const shown = [...tape.deals()].map(({ initiatorId, dealNumber, position, atMs, priceTicks, quantityLots }) => [
        `${initiatorId}-${dealNumber}`,
        position,
        atMs,
        priceTicks,
        quantityLots,
      ]);
      expect(shown).toEqual(
        naive.deals.map(({ id, position, atMs, price, lots }) => [id, position, atMs, price, lots]),
      );
      for (const instrument of [1, 2, 3]) {
        const deals = naive.deals.filter(({ instrumentId }) => instrumentId === instrument);
        const volume = tape.candles(instrument, 100).reduce((sum, candle) => sum + candle.volumeLots, 0n);
        expect(volume).toBe(BigInt(deals.reduce((sum, { lots }) => sum + lots, 0)));
        expect(tape.lastPriceTicks(instrument)).toBe(deals.at(-1)?.price);
      }
    });
    await fc.assert(property, RUNS);
  });
});
