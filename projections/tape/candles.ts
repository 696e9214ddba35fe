import type { DealConfirmed } from '../../src/domain/journal.generated.js';
import type { EventHandler } from '../../src/events/handlers.generated.js';
import { ExactTotal } from '../ledger/exact-total.js';

/** The intervals that there are candles of, in milliseconds. Each divides the next, and all of them the day. */
export const candleIntervals = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
} as const;

export type CandleInterval = keyof typeof candleIntervals;

/** What an instrument's deals did within one interval. */
export interface Candle {
  readonly startMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeLots: bigint;
  readonly deals: number;
  /** Where in the log its first deal was decided, and its last. */
  readonly firstPosition: number;
  readonly lastPosition: number;
}

/** Where and when a deal was decided: what a fold knows of the event that it handles. */
type When = Pick<EventHandler, 'position' | 'atMs'>;

class OpenCandle implements Candle {
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  deals = 0;
  lastPosition: number;
  readonly volume = new ExactTotal();

  constructor(
    readonly startMs: number,
    priceTicks: number,
    readonly firstPosition: number,
  ) {
    this.lastPosition = firstPosition;
    this.openTicks = priceTicks;
    this.highTicks = priceTicks;
    this.lowTicks = priceTicks;
    this.closeTicks = priceTicks;
  }

  get volumeLots(): bigint {
    return this.volume.value;
  }

  add(priceTicks: number, quantityLots: number, position: number): void {
    this.lastPosition = position;
    if (priceTicks > this.highTicks) this.highTicks = priceTicks;
    if (priceTicks < this.lowTicks) this.lowTicks = priceTicks;
    this.closeTicks = priceTicks;
    this.volume.add(quantityLots);
    this.deals++;
  }
}

/**
 * The candles of one instrument and interval, oldest first. Times come in log order and may run back when a clock does; a deal
 * counts in the interval that its time names, and open and close are the first and last of it in log order.
 */
class CandleSeries {
  readonly candles: OpenCandle[] = [];

  constructor(
    readonly intervalMs: number,
    private readonly kept: number,
  ) {}

  add({ position, atMs }: When, priceTicks: number, quantityLots: number): void {
    this.at(atMs - (atMs % this.intervalMs), priceTicks, position).add(priceTicks, quantityLots, position);
  }

  private at(startMs: number, priceTicks: number, position: number): OpenCandle {
    const { candles } = this;
    let index = candles.length - 1;
    while (index >= 0 && (candles[index] as OpenCandle).startMs > startMs) index--; // index is in range
    const known = candles[index];
    if (known?.startMs === startMs) return known;
    const created = new OpenCandle(startMs, priceTicks, position);
    candles.splice(index + 1, 0, created);
    if (candles.length >= 2 * this.kept) candles.splice(0, candles.length - this.kept);
    return created;
  }
}

/** Candles by instrument and interval. Keeps between `kept` and twice as many of each, the latest ones. */
export class CandleTable {
  private readonly byInstrument = new Map<number, readonly CandleSeries[]>();

  constructor(
    private readonly intervalsMs: readonly number[],
    private readonly kept: number = Number.POSITIVE_INFINITY,
  ) {
    if (!intervalsMs.every((interval) => Number.isSafeInteger(interval) && interval > 0) || !(kept > 0)) {
      throw new RangeError(
        'an interval is a whole number of milliseconds above zero, and so is the number of candles kept',
      );
    }
  }

  /** `when`: where the deal was decided, and its time. */
  add({ instrumentId, priceTicks, quantityLots }: DealConfirmed, when: When): void {
    let ofInstrument = this.byInstrument.get(instrumentId);
    if (ofInstrument === undefined) {
      ofInstrument = this.intervalsMs.map((intervalMs) => new CandleSeries(intervalMs, this.kept));
      this.byInstrument.set(instrumentId, ofInstrument);
    }
    for (let index = 0; index < ofInstrument.length; index++) {
      (ofInstrument[index] as CandleSeries).add(when, priceTicks, quantityLots); // index is in range
    }
  }

  /** The latest `limit` candles of an instrument, oldest first. */
  candles(instrumentId: number, intervalMs: number, limit = this.kept): readonly Candle[] {
    const series = this.byInstrument.get(instrumentId)?.find((candidate) => candidate.intervalMs === intervalMs);
    if (series === undefined) return [];
    return series.candles.slice(Math.max(0, series.candles.length - Math.min(limit, this.kept)));
  }

  forEach(visitor: (instrumentId: number, intervalMs: number, candle: Candle) => void): void {
    this.byInstrument.forEach((ofInstrument, instrumentId) => {
      for (const { intervalMs, candles } of ofInstrument) {
        for (const candle of candles) visitor(instrumentId, intervalMs, candle);
      }
    });
  }

  clear(): void {
    this.byInstrument.clear();
  }
}
