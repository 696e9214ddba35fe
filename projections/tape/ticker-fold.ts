import type { Instrument } from '../../src/domain/instrument.js';
import { Side } from '../../src/domain/terms.js';
import { FanOut } from '../../src/events/handlers.generated.js';
import { BookFold } from '../book/book.js';
import { TapeFold } from './tape.js';
import { type TickerView, tickerView, windowStartMs } from './ticker.js';

/** A week of minutes: a clock that runs back by less leaves nothing out of a window. */
const MINUTES_KEPT = 10_080;

/** Tickers from a log alone, as of the log’s own time. */
export class TickerFold extends FanOut {
  constructor(
    private readonly tape = new TapeFold({ dealsKept: 1, candlesKept: MINUTES_KEPT }),
    private readonly book = new BookFold(),
  ) {
    super([tape, book]);
  }

  ticker(instrument: Readonly<Instrument>): TickerView {
    const { instrumentId } = instrument;
    const [bid] = this.book.levels(instrumentId, Side.Buy, 1);
    const [ask] = this.book.levels(instrumentId, Side.Sell, 1);
    const startMs = windowStartMs(this.atMs);
    return tickerView(instrument, {
      lastTicks: this.tape.lastPriceTicks(instrumentId),
      candles: this.tape.candles(instrumentId).filter((candle) => candle.startMs >= startMs),
      bestBidTicks: bid?.priceTicks,
      bestAskTicks: ask?.priceTicks,
    });
  }
}
