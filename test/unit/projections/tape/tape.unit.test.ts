import { expect, it } from 'vitest';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { TapeFold, type TapeOptions } from '../../../../projections/tape/tape.js';
import { candleView, dealView } from '../../../../projections/tape/views.js';
import { History } from '../../../support/history/history.js';
import { folded } from '../folding.js';

const START_MS = 1_700_000_040_000; // a full minute

interface Market {
  readonly history: History;
  readonly acme: number;
  /** Alice sells to Bob at a time. */
  readonly deal: (atMs: number, price: number, lots: number) => void;
}

function market(): Market {
  const history = new History();
  const [alice, bob] = [history.admit('alice'), history.admit('bob')];
  const acme = history.list('ACME');
  const deal = (atMs: number, price: number, lots: number): void => {
    history.atMs = atMs;
    const sell = history.post(alice, acme, 'sell', price, lots);
    history.atMs = atMs;
    history.deal(sell, history.post(bob, acme, 'buy', price, lots), price, lots);
  };
  return { history, acme, deal };
}

function tape(history: History, options?: TapeOptions): TapeFold {
  return folded(history.batches(), new TapeFold(options));
}

it('The tape tells of each deal once, in log order, with the time of the latest event that has one', () => {
  const { history, acme, deal } = market();
  deal(START_MS, 100, 5);
  deal(START_MS + 7, 101, 6);
  const told: string[] = [];
  const onDeal: TapeOptions['onDeal'] = ({ initiatorId, dealNumber, atMs, priceTicks, quantityLots }) => {
    told.push(`${initiatorId}-${dealNumber}: ${quantityLots}@${priceTicks} at +${atMs - START_MS}`);
  };
  const fold = tape(history, { onDeal });
  expect(told).toEqual(['1-1: 5@100 at +0', '3-1: 6@101 at +7']);
  expect(fold.lastPriceTicks(acme)).toBe(101);
  expect(fold.lastPriceTicks(acme + 1)).toBeUndefined();
});

it('The tape does not tell of a confirmation that comes after an abort', () => {
  const { history } = market();
  const [sell, buy] = [history.post(1, 1, 'sell', 100, 5), history.post(2, 1, 'buy', 100, 5)];
  const deal = history.propose(sell, buy, 100, 5);
  history.accept(sell, deal, 5);
  history.abort(sell, deal, 'initiatorDeadline');
  history.confirm(sell, deal, 5);
  expect([...tape(history).deals()]).toEqual([]);
});

it('The tape keeps as many of the latest deals and candles as it was asked to, and no more', () => {
  const { history, acme, deal } = market();
  for (let index = 0; index < 10; index++) deal(START_MS + index * 60_000, 100 + index, 1);
  const fold = tape(history, { dealsKept: 3, candlesKept: 2 });
  expect([...fold.deals()].map(({ priceTicks }) => priceTicks)).toEqual([107, 108, 109]);
  expect([...fold.deals(acme + 1)]).toEqual([]);
  expect(fold.candles(acme).map(({ openTicks }) => openTicks)).toEqual([108, 109]);
  expect(fold.candles(acme, 1234)).toEqual([]);
});

it('The tape opens and closes a candle in log order, even when a clock runs back', () => {
  const { history, acme, deal } = market();
  deal(START_MS + 1_000, 100, 5);
  deal(START_MS + 2_000, 90, 1);
  deal(START_MS + 61_000, 130, 2);
  deal(START_MS + 3_000, 120, 3);
  deal(START_MS + 62_000, 125, 2);
  const fold = tape(history);
  const shown = fold
    .candles(acme)
    .map((candle) => [
      candle.startMs - START_MS,
      candle.openTicks,
      candle.highTicks,
      candle.lowTicks,
      candle.closeTicks,
      candle.volumeLots,
      candle.deals,
    ]);
  expect(shown).toEqual([
    [0, 100, 120, 90, 120, 9n, 3],
    [60_000, 130, 130, 125, 125, 4n, 2],
  ]);
});

it('The tape shows deals and candles in names and decimal strings', () => {
  const { history, acme, deal } = market();
  deal(START_MS, 100, 5);
  const directory = folded(history.batches(), new DirectoryFold());
  const fold = tape(history);
  const [first] = fold.deals();
  const [candle] = fold.candles(acme);
  const instrument = directory.instrument(acme);
  if (first === undefined || candle === undefined || instrument === undefined) throw new Error('there is one of each');
  expect(dealView(directory, first)).toEqual({
    id: '1-1',
    outcome: 'confirmed',
    position: first.position,
    at: '2023-11-14T22:14:00.000Z',
    instrument: 'ACME',
    price: '1.00',
    quantity: '5',
    buyer: 'bob',
    seller: 'alice',
    buyerIntention: '2',
    sellerIntention: '1',
    takerSide: 'buy',
  });
  expect(candleView(instrument, candle)).toEqual({
    start: '2023-11-14T22:14:00.000Z',
    open: '1.00',
    high: '1.00',
    low: '1.00',
    close: '1.00',
    volume: '5',
    deals: 1,
  });
});

it('The tape refuses intervals that are no intervals', () => {
  expect(() => new TapeFold({ intervalsMs: [0] })).toThrow(RangeError);
  expect(() => new TapeFold({ candlesKept: 0 })).toThrow(RangeError);
});
