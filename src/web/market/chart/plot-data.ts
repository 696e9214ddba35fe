import type { Candle, CandleInterval } from '../../../client/market/market-types.js';
import { intervalMs } from './candle-fold.js';

/** Columns as uPlot takes them: seconds since 1970, then what is drawn. Drawing alone is done with floating-point numbers. */
export interface PlotData {
  readonly start: number[];
  readonly open: number[];
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
  readonly volume: number[];
}

export function plotDataOf(candles: readonly Candle[]): PlotData {
  return {
    start: candles.map(({ start }) => Date.parse(start) / 1_000),
    open: candles.map(({ open }) => Number(open)),
    high: candles.map(({ high }) => Number(high)),
    low: candles.map(({ low }) => Number(low)),
    close: candles.map(({ close }) => Number(close)),
    volume: candles.map(({ volume }) => Number(volume)),
  };
}

/** A short history does not fill the width with a few thick candles. */
const LEAST_INTERVALS = 30;

/** From where to where time is shown, in seconds: as many intervals as fit, the last one at the right edge. */
export function timeRange(
  start: readonly number[],
  interval: CandleInterval,
  fitting: number,
): readonly [number, number] {
  const length = intervalMs[interval] / 1_000;
  const end = (start.at(-1) ?? 0) + length;
  const all = (end - (start[0] ?? 0)) / length + 1;
  const shown = Math.min(Math.max(all, LEAST_INTERVALS), Math.max(fitting, LEAST_INTERVALS));
  return [end - shown * length, end];
}

/** The prices between which all candles of a stretch of time are, and some air. */
export function priceRange({ start, high, low }: PlotData, from: number, to: number): readonly [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const [index, at] of start.entries()) {
    if (at < from || at > to) continue;
    least = Math.min(least, low[index] ?? least);
    most = Math.max(most, high[index] ?? most);
  }
  if (least > most) return [0, 1];
  const air = (most - least) * 0.08 || most * 0.002 || 1;
  return [least - air, most + air];
}
