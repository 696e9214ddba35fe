import type { Candle } from '../../tape/candles.js';
import type { Row, SqlDatabase } from '../database/database.js';
import { DealRows } from '../rows/deal-rows.js';
import { Kind } from '../rows/postings.js';

/** Which candles of an instrument. */
export interface WantedCandles {
  readonly instrumentId: number;
  readonly intervalMs: number;
  /** Those that start at this time or later, and before that one. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** As they were before this position; as they are, where it is undefined. */
  readonly at?: number | undefined;
  /** Only so many of them, the first or the latest. */
  readonly first?: number | undefined;
  readonly latest?: number | undefined;
}

/**
 * The candles of the table, oldest first.
 *
 * 1. As of an earlier position, a candle is the stored one where all of its deals stand before it, and is none where none does. In between
 *    it is made of its deals that do: that is one candle of each interval, unless a clock ran backwards.
 */
export class CandleRows {
  constructor(private readonly database: SqlDatabase) {}

  between(wanted: WantedCandles): readonly Candle[] {
    const { instrumentId, intervalMs, fromMs, untilMs, at = Number.MAX_SAFE_INTEGER, first, latest } = wanted;
    const candles = this.database
      .rows(
        `SELECT start_ms, open_ticks, high_ticks, low_ticks, close_ticks, volume_lots, deals, first_position, last_position FROM candles
          WHERE instrument_id = ? AND interval_ms = ? AND start_ms >= ? AND start_ms < ? AND first_position < ?
          ORDER BY start_ms ${latest === undefined ? 'ASC' : 'DESC'} LIMIT ?`,
        [instrumentId, intervalMs, fromMs, untilMs, at, latest ?? first ?? -1],
        true,
      )
      .map(candleFromRow);
    if (latest !== undefined) candles.reverse();
    return candles.map((candle) => (candle.lastPosition < at ? candle : this.asOf(candle, wanted, at)));
  }

  /** Some of its deals stand before the position. */
  private asOf(candle: Candle, { instrumentId, intervalMs }: WantedCandles, at: number): Candle {
    const { startMs, firstPosition } = candle;
    let [high, low, volumeLots, deals] = [0, Number.POSITIVE_INFINITY, 0n, 0];
    let [closeTicks, lastPosition] = [0, 0];
    const range = { after: firstPosition - 1, before: at };
    for (const row of new DealRows(this.database).of({ kind: Kind.Instrument, id: instrumentId }, range)) {
      const [priceTicks = 0, quantityLots = 0, atMs = 0] = row.slice(8).map(Number);
      if (atMs < startMs || atMs >= startMs + intervalMs) continue;
      high = Math.max(high, priceTicks);
      low = Math.min(low, priceTicks);
      volumeLots += BigInt(quantityLots);
      deals++;
      [closeTicks, lastPosition] = [priceTicks, Number(row[0])];
    }
    return {
      ...candle,
      ...{ highTicks: high, lowTicks: low, closeTicks, volumeLots, deals, lastPosition },
    };
  }
}

/** Asked for exactly: a volume may be beyond 2^53. */
function candleFromRow(row: Row): Candle {
  const [startMs = 0, openTicks = 0, highTicks = 0, lowTicks = 0, closeTicks = 0, , ...rest] = row.map(Number);
  const [deals = 0, firstPosition = 0, lastPosition = 0] = rest;
  const prices = { openTicks, highTicks, lowTicks, closeTicks };
  return { startMs, ...prices, volumeLots: row[5] as bigint, deals, firstPosition, lastPosition };
}
