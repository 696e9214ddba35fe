/** What a ticker says of an instrument, from the candles of its window. */
import { formatPrice, formatUnits, type Instrument } from '../../src/domain/instrument.js';
import { type Candle, candleIntervals } from './candles.js';

const MINUTE_MS = candleIntervals['1m'];
/** The running minute is one of them. */
const WINDOW_MINUTES = 1_440;

/** An instrument's last day as people see it. What is about the window is absent where it has no deal, but for `volume` and `deals`. */
export interface TickerView {
  readonly instrument: string;
  /** Price of the latest deal, whenever that was. */
  readonly last?: string;
  /** The window’s last price less its first. */
  readonly change?: string;
  /** That as a share of the first, in per cent with two decimals, rounded half away from zero. */
  readonly changePercent?: string;
  readonly high?: string;
  readonly low?: string;
  readonly volume: string;
  readonly deals: number;
  readonly bestBid?: string;
  readonly bestAsk?: string;
}

/** Of what a ticker is made. */
export interface TickerFigures {
  readonly lastTicks: number | undefined;
  /** Of the window, each deal in one of them, in any order. */
  readonly candles: Iterable<Candle>;
  readonly bestBidTicks: number | undefined;
  readonly bestAskTicks: number | undefined;
}

/** The window begins with the 1,439 whole minutes before the running one. It has no end: what a shard’s clock puts later counts too. */
export function windowStartMs(nowMs: number): number {
  return nowMs - (nowMs % MINUTE_MS) - (WINDOW_MINUTES - 1) * MINUTE_MS;
}

export function tickerView(instrument: Readonly<Instrument>, figures: TickerFigures): TickerView {
  const { lastTicks, bestBidTicks, bestAskTicks } = figures;
  const window = joined(figures.candles);
  const volumeLots = window?.volumeLots ?? 0n;
  return {
    instrument: instrument.symbol,
    ...(lastTicks !== undefined && { last: formatPrice(instrument, lastTicks) }),
    ...(window && changeOf(instrument, window)),
    volume: formatUnits(volumeLots * BigInt(instrument.lotSize), instrument.quantityDecimals),
    deals: window?.deals ?? 0,
    ...(bestBidTicks !== undefined && { bestBid: formatPrice(instrument, bestBidTicks) }),
    ...(bestAskTicks !== undefined && { bestAsk: formatPrice(instrument, bestAskTicks) }),
  };
}

type Change = Required<Pick<TickerView, 'change' | 'changePercent' | 'high' | 'low'>>;

function changeOf(instrument: Readonly<Instrument>, { openTicks, closeTicks, highTicks, lowTicks }: Candle): Change {
  const by = BigInt(closeTicks) - BigInt(openTicks);
  return {
    change: formatUnits(by * BigInt(instrument.tickSize), instrument.priceDecimals),
    changePercent: formatUnits(divided(by * 10_000n, BigInt(openTicks)), 2),
    high: formatPrice(instrument, highTicks),
    low: formatPrice(instrument, lowTicks),
  };
}

/** Rounded half away from zero. `by` is above zero. */
function divided(value: bigint, by: bigint): bigint {
  const half = value < 0n ? -by : by;
  return (2n * value + half) / (2n * by);
}

/** Several candles of an instrument as one; undefined where there are none. First and last are so in the order of the log. */
function joined(candles: Iterable<Candle>): Candle | undefined {
  let all: Candle | undefined;
  for (const candle of candles) all = all === undefined ? candle : both(all, candle);
  return all;
}

function both(one: Candle, other: Candle): Candle {
  const first = one.firstPosition <= other.firstPosition ? one : other;
  const last = one.lastPosition >= other.lastPosition ? one : other;
  return {
    startMs: Math.min(one.startMs, other.startMs),
    openTicks: first.openTicks,
    closeTicks: last.closeTicks,
    highTicks: Math.max(one.highTicks, other.highTicks),
    lowTicks: Math.min(one.lowTicks, other.lowTicks),
    volumeLots: one.volumeLots + other.volumeLots,
    deals: one.deals + other.deals,
    firstPosition: first.firstPosition,
    lastPosition: last.lastPosition,
  };
}
