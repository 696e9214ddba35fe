import type { Candle, CandleInterval, Trade } from '../../../client/market/market-types.js';
import { compareDecimals, plus } from '../../parts/exact.js';

const MINUTE_MS = 60_000;

/** How long each interval is. They begin at midnight UTC. */
export const intervalMs: Readonly<Record<CandleInterval, number>> = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '1d': 24 * 60 * MINUTE_MS,
};

/**
 * The candles of one interval, oldest first: those of all deals before a log position, and each trade after it.
 *
 * 1. A trade counts once: those that come before the candles do are kept, and those that the candles hold are left out.
 */
export class CandleFold {
  private readonly candles: Candle[] = [];
  private early: Trade[] | undefined = [];

  constructor(
    private readonly interval: CandleInterval,
    /** More are left out, the oldest first. */
    private readonly most: number,
  ) {}

  get list(): readonly Candle[] {
    return this.candles;
  }

  /** Begins with what there was before a log position. */
  begin(candles: readonly Candle[], position: number): void {
    this.candles.push(...candles.slice(-this.most));
    const { early = [] } = this;
    this.early = undefined;
    for (const trade of early) if (trade.position >= position) this.take(trade);
  }

  take(trade: Trade): void {
    if (this.early !== undefined) {
      this.early.push(trade);
      return;
    }
    const { price, quantity } = trade;
    const start = startOf(trade.at, this.interval);
    const last = this.candles.at(-1);
    if (last?.start === start) {
      this.candles[this.candles.length - 1] = withTrade(last, trade);
      return;
    }
    this.candles.push({ start, open: price, high: price, low: price, close: price, volume: quantity, deals: 1 });
    if (this.candles.length > this.most) this.candles.shift();
  }
}

/** When the interval began that a time is in. */
export function startOf(at: string, interval: CandleInterval): string {
  const ms = intervalMs[interval];
  return new Date(Math.floor(Date.parse(at) / ms) * ms).toISOString();
}

function withTrade(candle: Candle, { price, quantity }: Trade): Candle {
  const { start, open, high, low, volume, deals } = candle;
  return {
    start,
    open,
    high: compareDecimals(price, high) > 0 ? price : high,
    low: compareDecimals(price, low) < 0 ? price : low,
    close: price,
    volume: plus(volume, quantity),
    deals: deals + 1,
  };
}
