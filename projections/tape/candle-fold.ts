import type { DealConfirmed } from '../../src/domain/journal.generated.js';
import type { DirectoryFold } from '../directory/directory.js';
import { DealFold } from '../ledger/deal-fold.js';
import { type CandleInterval, candleIntervals, CandleTable } from './candles.js';
import { type CandleView, candleView } from './views.js';

/** All candles of one instrument and interval, from a log alone. */
export class CandleFold extends DealFold {
  private readonly table: CandleTable;
  private readonly intervalMs: number;

  /** The directory is told of each event before this is. */
  constructor(
    private readonly directory: DirectoryFold,
    private readonly wanted: { readonly symbol: string; readonly interval: CandleInterval },
  ) {
    super();
    this.intervalMs = candleIntervals[wanted.interval];
    this.table = new CandleTable([this.intervalMs]);
  }

  protected override confirmed(deal: DealConfirmed): void {
    const listed = this.directory.instrumentBySymbol(this.wanted.symbol);
    if (listed?.instrumentId === deal.instrumentId) this.table.add(deal, this);
  }

  /** Those that start within these times, oldest first. */
  candles(fromMs = 0, untilMs = Number.POSITIVE_INFINITY): readonly CandleView[] {
    const instrument = this.directory.instrumentBySymbol(this.wanted.symbol);
    if (instrument === undefined) return [];
    return this.table
      .candles(instrument.instrumentId, this.intervalMs)
      .filter(({ startMs }) => startMs >= fromMs && startMs < untilMs)
      .map((candle) => candleView(instrument, candle));
  }
}
