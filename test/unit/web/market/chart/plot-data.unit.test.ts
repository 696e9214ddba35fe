import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../../../src/client/market/market-types.js';
import { plotDataOf, priceRange, timeRange } from '../../../../../src/web/market/chart/plot-data.js';

const candle = (minute: number, low: string, high: string): Candle => ({
  ...{ start: new Date(minute * 60_000).toISOString(), open: low, high, low, close: high, volume: '1', deals: 1 },
});

describe('timeRange', () => {
  it('The range of times of a chart ends with the running interval and does not stretch a short history', () => {
    expect(timeRange([600, 660], '1m', 100)).toEqual([720 - 30 * 60, 720]);
  });

  it('The range of times of a chart shows as many intervals as fit', () => {
    const start = Array.from({ length: 300 }, (_, index) => index * 60);
    expect(timeRange(start, '1m', 80)).toEqual([300 * 60 - 80 * 60, 300 * 60]);
  });
});

describe('priceRange', () => {
  it('The range of prices of a chart is of the candles in sight alone, with some air', () => {
    const data = plotDataOf([candle(1, '1', '99'), candle(10, '10', '12'), candle(11, '11', '14')]);
    const [least, most] = priceRange(data, 600, 660);
    expect(least).toBeGreaterThan(9);
    expect(least).toBeLessThan(10);
    expect(most).toBeGreaterThan(14);
    expect(most).toBeLessThan(15);
  });

  it('The range of prices of a chart has room where all prices are the same, and where there is none', () => {
    const [least, most] = priceRange(plotDataOf([candle(1, '10', '10')]), 0, 60);
    expect(most).toBeGreaterThan(least);
    expect(priceRange(plotDataOf([]), 0, 60)).toEqual([0, 1]);
  });
});
