import type { StreamedInstrument, StreamFold } from '../../../../projections/streams/stream-fold.js';
import type { StreamedBook } from '../../../../projections/streams/streamed-book.js';
import { candleIntervals } from '../../../../projections/tape/candles.js';
import { tickerView, windowStartMs } from '../../../../projections/tape/ticker.js';
import type { StreamReader } from '../stream-reader.js';
import { type OnNews, Topic } from './topic.js';

/** The ticker of an instrument: the one that was said last for who comes, then one a second at most. */
export class TickerTopic extends Topic {
  private readonly book: StreamedBook;
  /** Of what the ticker that was said last was made. */
  private said = '';

  constructor(
    private readonly fold: StreamFold,
    private readonly instrument: StreamedInstrument,
    private readonly clock: () => number,
    onNews: OnNews,
  ) {
    super(fold.foldedTo, onNews);
    this.book = fold.track(instrument);
  }

  welcome(reader: StreamReader): boolean {
    this.expected.add(reader);
    if (!this.hasKept) this.second();
    this.greet();
    return true;
  }

  /** Says it if it has changed. Nothing, while it is not known what the last day came to. */
  override second(): void {
    const { fold, instrument } = this;
    const { instrumentId } = instrument;
    if (fold.minutes === undefined || !this.isWanted) return;
    const startMs = windowStartMs(this.clock());
    const last = fold.lastDeals.get(instrumentId);
    const [bestBid] = this.book.bids.best(1);
    const [bestAsk] = this.book.asks.best(1);
    const figures = {
      bestBidTicks: bestBid?.priceTicks,
      bestAskTicks: bestAsk?.priceTicks,
      lastTicks: last?.priceTicks,
    };
    const made = JSON.stringify([startMs, last?.position, figures]);
    if (made === this.said) return;
    this.said = made;
    const minutes = fold.minutes.candles(instrumentId, candleIntervals['1m']);
    const candles = minutes.filter((candle) => candle.startMs >= startMs);
    const place = { channel: 'ticker', type: 'ticker', position: fold.foldedTo } as const;
    this.say(fold.placed({ ...place, ...tickerView(instrument, { ...figures, candles }) }));
    this.greet();
  }

  end(): void {
    this.fold.untrack(this.book);
  }

  private greet(): void {
    if (this.hasKept) for (const reader of this.expected) this.admit(reader, this.next - 1);
  }
}
