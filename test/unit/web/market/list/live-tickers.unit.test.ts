import { describe, expect, it } from 'vitest';
import type { Ticker } from '../../../../../src/client/market/market-types.js';
import { LiveTickers } from '../../../../../src/web/market/list/live-tickers.js';

const ticker = (position: number, last: string): Ticker => ({ instrument: 'A', last, volume: '0', deals: 1, position });

describe('LiveTickers', () => {
  it('The list of live tickers keeps the ticker of the later position, whatever comes last', () => {
    const tickers = new LiveTickers(
      () => 0,
      () => undefined,
    );
    tickers.take(ticker(5, '10.25'));
    expect(tickers.take(ticker(4, '10.20'))).toBe(false);
    expect(tickers.list).toEqual([ticker(5, '10.25')]);
  });

  it('The list of live tickers says by how much a price has moved, and when', () => {
    const tickers = new LiveTickers(
      () => 77,
      () => undefined,
    );
    tickers.take(ticker(5, '10.25'));
    expect(tickers.moveOf('A')).toBeUndefined();
    tickers.take(ticker(6, '10.20'));
    expect(tickers.moveOf('A')).toEqual({ by: '-0.05', atMs: 77 });
  });

  it('The list of live tickers lets go of what is no longer among all', () => {
    let changes = 0;
    const tickers = new LiveTickers(
      () => 0,
      () => changes++,
    );
    tickers.take(ticker(5, '10.25'));
    tickers.takeAll([{ ...ticker(9, '1'), instrument: 'B' }]);
    expect(tickers.list.map(({ instrument }) => instrument)).toEqual(['B']);
    expect(changes).toBe(1);
  });
});
