import { describe, expect, it } from 'vitest';
import type { Ticker } from '../../../../../src/client/market/market-types.js';
import type { Instrument } from '../../../../../src/client/types.js';
import { chosenAgain, filtered, rowsOf, sorted, sortingOf } from '../../../../../src/web/market/list/rows.js';

const ticker = (instrument: string, more: Partial<Ticker> = {}): Ticker => ({
  instrument,
  volume: '0',
  deals: 0,
  position: 1,
  ...more,
});
const listed = (symbol: string, phase: Instrument['phase']): Instrument => ({
  ...{ symbol, tickSize: '0.01', lotSize: '1', minPrice: '0.01', maxPrice: '100' },
  ...{ priceRule: 'standing', selfTrade: 'allow', counterparties: 'shown', phase },
});
const symbols = (rows: readonly Ticker[]): readonly string[] => rows.map(({ instrument }) => instrument);

describe('rows of the market', () => {
  it('Rows of the market have the spread and the phase of their instrument', () => {
    const tickers = [ticker('A', { bestBid: '10.20', bestAsk: '10.25' }), ticker('B', { bestBid: '1' })];
    const rows = rowsOf(tickers, [listed('A', 'call')]);
    expect(rows.map(({ spread, phase }) => ({ spread, phase }))).toEqual([
      { spread: '0.05', phase: 'call' },
      { spread: undefined, phase: undefined },
    ]);
  });

  it('Rows of the market are the same objects as before while ticker and phase are', () => {
    const tickers = [ticker('A'), ticker('B')];
    const [a, b] = rowsOf(tickers, [listed('A', 'call')]);
    const again = rowsOf(tickers, [listed('A', 'continuous')]);
    expect(again[0]).not.toBe(a);
    expect(again[1]).toBe(b);
  });

  it('Rows of the market sort by value, not as text, and those without one come last either way', () => {
    const rows = [ticker('A', { last: '9.5' }), ticker('B', { last: '10.25' }), ticker('C')];
    expect(symbols(sorted(rows, { key: 'last', isDescending: true }))).toEqual(['B', 'A', 'C']);
    expect(symbols(sorted(rows, { key: 'last', isDescending: false }))).toEqual(['A', 'B', 'C']);
  });

  it('Rows of the market that are equal are sorted by symbol', () => {
    const rows = [ticker('C', { volume: '5' }), ticker('A', { volume: '5.0' }), ticker('B', { volume: '7' })];
    expect(symbols(sorted(rows, { key: 'volume', isDescending: true }))).toEqual(['B', 'A', 'C']);
  });

  it('Rows of the market are filtered by part of a symbol, whatever its case', () => {
    const rows = [ticker('ACME'), ticker('GLOBEX')];
    expect(symbols(filtered(rows, ' lob '))).toEqual(['GLOBEX']);
    expect(filtered(rows, '  ')).toBe(rows);
  });
});

describe('the sorting in an address', () => {
  it('The sorting in an address is by instrument where the address names no column', () => {
    expect(sortingOf('-nothing')).toEqual({ key: 'instrument', isDescending: false });
    expect(sortingOf('-volume')).toEqual({ key: 'volume', isDescending: true });
  });

  it('The sorting in an address turns round when its column is chosen again, and begins with the largest figure', () => {
    expect(chosenAgain({ key: 'instrument', isDescending: false }, 'volume')).toBe('-volume');
    expect(chosenAgain({ key: 'volume', isDescending: true }, 'volume')).toBe('volume');
    expect(chosenAgain({ key: 'volume', isDescending: true }, 'instrument')).toBe('instrument');
  });
});
