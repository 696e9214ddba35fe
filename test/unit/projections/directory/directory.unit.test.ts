import { expect, it } from 'vitest';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { instrumentView, shownInstrument, timeText } from '../../../../projections/directory/views.js';
import { History } from '../../../support/history/history.js';
import { folded } from '../folding.js';

it('The directory knows instruments by number and symbol, as they were last listed, and their phase', () => {
  const history = new History();
  const acme = history.list('ACME', { tickSize: 5 });
  history.phase(acme, 'call');
  history.list('ACME', { instrumentId: acme, tickSize: 5, maxPriceTicks: 400, priceRule: 'midpoint' });
  history.list('EMCA', { quantityDecimals: 3 });
  const directory = folded(history.batches(), new DirectoryFold());
  expect(directory.instrumentBySymbol('ACME')).toBe(directory.instrument(acme));
  expect(directory.instruments().map(instrumentView)).toEqual([
    {
      symbol: 'ACME',
      tickSize: '0.05',
      lotSize: '1',
      minPrice: '0.05',
      maxPrice: '20.00',
      priceRule: 'midpoint',
      selfTrade: 'allow',
      counterparties: 'shown',
      phase: 'call',
    },
    {
      symbol: 'EMCA',
      tickSize: '0.01',
      lotSize: '0.001',
      minPrice: '0.01',
      maxPrice: '10000.00',
      priceRule: 'standing',
      selfTrade: 'allow',
      counterparties: 'shown',
      phase: 'continuous',
    },
  ]);
});

it('The directory knows participants by number and name', () => {
  const history = new History();
  const alice = history.admit('alice');
  const directory = folded(history.batches(), new DirectoryFold());
  expect(directory.participantName(alice)).toBe('alice');
  expect(directory.participantId('alice')).toBe(alice);
});

it('The directory shows what the log never listed by its number', () => {
  const directory = new DirectoryFold();
  expect(directory.participantName(9)).toBe('#9');
  expect(shownInstrument(directory, 4)).toMatchObject({ symbol: '#4', tickSize: 1, lotSize: 1 });
  expect(directory.participantId('nobody')).toBeUndefined();
});

it('The directory shows any time that an event can hold', () => {
  expect(timeText(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(timeText(Number.MAX_SAFE_INTEGER)).toBe('+275760-09-13T00:00:00.000Z');
});
