import { expect, it } from 'vitest';
import { BookFold } from '../../../../projections/book/book.js';
import { bookView } from '../../../../projections/book/views.js';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { Side } from '../../../../src/domain/terms.js';
import { History } from '../../../support/history/history.js';
import { folded } from '../folding.js';

const ALICE = 1;

function market(): { history: History; acme: number } {
  const history = new History();
  history.admit('alice');
  return { history, acme: history.list('ACME', { tickSize: 5, lotSize: 10 }) };
}

function levels(history: History, instrument: number, side: number, depth?: number): string[] {
  const book = folded(history.batches(), new BookFold());
  return book
    .levels(instrument, side, depth)
    .map(({ priceTicks, lots, intentions }) => `${lots}@${priceTicks} (${intentions})`);
}

it('The book shows each price once, best first, with its open lots and intentions', () => {
  const { history, acme } = market();
  history.post(ALICE, acme, 'buy', 100, 5);
  history.post(ALICE, acme, 'buy', 102, 7);
  history.post(ALICE, acme, 'buy', 100, 1);
  history.post(ALICE, acme, 'sell', 110, 3);
  history.post(ALICE, acme, 'sell', 105, 2);
  expect(levels(history, acme, Side.Buy)).toEqual(['7@102 (1)', '6@100 (2)']);
  expect(levels(history, acme, Side.Sell)).toEqual(['2@105 (1)', '3@110 (1)']);
  expect(levels(history, acme, Side.Sell, 1)).toEqual(['2@105 (1)']);
  expect(levels(history, acme + 1, Side.Sell)).toEqual([]);
});

it('The book keeps what is reserved, and takes off what is filled, reduced, withdrawn or expired', () => {
  const { history, acme } = market();
  const [sell, other] = [history.post(ALICE, acme, 'sell', 100, 9), history.post(ALICE, acme, 'sell', 100, 4)];
  const buy = history.post(ALICE, acme, 'buy', 100, 5);
  const deal = history.propose(sell, buy, 100, 5);
  history.accept(sell, deal, 5);
  expect(levels(history, acme, Side.Sell)).toEqual(['13@100 (2)']);
  history.confirm(sell, deal, 5);
  history.settle(sell, sell, deal, 5);
  history.settle(buy, sell, deal, 5);
  expect(levels(history, acme, Side.Sell)).toEqual(['8@100 (2)']);
  expect(levels(history, acme, Side.Buy)).toEqual([]);
  history.reduce(sell, 1);
  expect(levels(history, acme, Side.Sell)).toEqual(['7@100 (2)']);
  history.withdraw(other);
  expect(levels(history, acme, Side.Sell)).toEqual(['3@100 (1)']);
  history.expire(sell);
  expect(levels(history, acme, Side.Sell)).toEqual([]);
});

it('The book moves an amended intention to its new price, with its new open quantity', () => {
  const { history, acme } = market();
  const id = history.post(ALICE, acme, 'buy', 100, 9);
  history.amend(id, 104, 20);
  expect(levels(history, acme, Side.Buy)).toEqual(['20@104 (1)']);
});

it('The book leaves out market intentions', () => {
  const { history, acme } = market();
  const id = history.post(ALICE, acme, 'buy', undefined, 9);
  expect(levels(history, acme, Side.Buy)).toEqual([]);
  history.withdraw(id, 'marketRemainder');
  expect(levels(history, acme, Side.Buy)).toEqual([]);
});

it('The book drops a withdrawn intention at once, whatever its deal in flight still comes to', () => {
  const { history, acme } = market();
  const [sell, buy] = [history.post(ALICE, acme, 'sell', 100, 9), history.post(ALICE, acme, 'buy', 100, 5)];
  const deal = history.propose(sell, buy, 100, 5);
  history.accept(sell, deal, 5);
  history.withdraw(sell, 'parked');
  history.confirm(sell, deal, 5);
  history.settle(sell, sell, deal, 5);
  expect(levels(history, acme, Side.Sell)).toEqual([]);
});

it('The book shows decimal strings', () => {
  const { history, acme } = market();
  history.post(ALICE, acme, 'buy', 100, 5);
  const directory = folded(history.batches(), new DirectoryFold());
  const instrument = directory.instrument(acme);
  if (instrument === undefined) throw new Error('listed above');
  expect(bookView(folded(history.batches(), new BookFold()), instrument, 10, history.head)).toEqual({
    instrument: 'ACME',
    phase: 'continuous',
    position: history.head,
    bids: [{ price: '5.00', quantity: '50', intentions: 1 }],
    asks: [],
  });
});
