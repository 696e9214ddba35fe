import { describe, expect, it } from 'vitest';
import type { Candle, Trade } from '../../../../../src/client/market/market-types.js';
import { CandleFold, startOf } from '../../../../../src/web/market/chart/candle-fold.js';

const trade = (position: number, at: string, price: string, quantity = '1'): Trade => ({
  ...{ position, at: `2026-11-29T${at}Z`, price, quantity, takerSide: 'buy' },
});
const running: Candle = {
  ...{ start: '2026-11-29T10:00:00.000Z', open: '10.20', high: '10.30', low: '10.10', close: '10.25' },
  ...{ volume: '5', deals: 3 },
};

describe('CandleFold', () => {
  it('The fold of candles adds a trade to the running candle', () => {
    const fold = new CandleFold('1m', 10);
    fold.begin([running], 50);
    fold.take(trade(50, '10:00:59.999', '10.35', '2'));
    expect(fold.list).toEqual([{ ...running, high: '10.35', close: '10.35', volume: '7', deals: 4 }]);
  });

  it('The fold of candles begins a candle with the first trade of an interval, and keeps only so many', () => {
    const fold = new CandleFold('1m', 1);
    fold.begin([running], 50);
    fold.take(trade(50, '10:02:00.000', '9.00'));
    expect(fold.list).toEqual([
      {
        ...{ start: '2026-11-29T10:02:00.000Z', open: '9.00', high: '9.00', low: '9.00', close: '9.00' },
        ...{ volume: '1', deals: 1 },
      },
    ]);
  });

  it('The fold of candles counts a trade once that comes before the candles which hold it', () => {
    const fold = new CandleFold('1m', 10);
    fold.take(trade(48, '10:00:10.000', '10.30'));
    fold.take(trade(52, '10:00:20.000', '10.05'));
    fold.begin([running], 50);
    expect(fold.list).toMatchObject([{ low: '10.05', close: '10.05', volume: '6', deals: 4 }]);
  });
});

describe('startOf', () => {
  it('The start of a candle is the beginning of its interval in UTC', () => {
    expect(startOf('2026-11-29T10:44:59.999Z', '15m')).toBe('2026-11-29T10:30:00.000Z');
    expect(startOf('2026-11-29T10:44:59.999Z', '1d')).toBe('2026-11-29T00:00:00.000Z');
  });
});
