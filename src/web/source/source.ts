/**
 * Where the views have what they show: a server, or a file. Shapes are those of the client; prices and quantities are decimal strings,
 * times RFC 3339. Every method rejects with ParleyError, or with the reason of the signal.
 */
import type { DealFilter, IntentionFilter, Moment, PositionFilter } from '../../client/filters.js';
import type { EventPageFilter } from '../../client/history/event-page.js';
import type { TimelineFilter } from '../../client/history/history.js';
import type { Chart, Doubt, EventPage, LogMoment, Timeline, Why } from '../../client/history/history-types.js';
import type { CandleFilter, TradeFilter } from '../../client/market/market-data.js';
import type { Candle, Ticker, Trade } from '../../client/market/market-types.js';
import type { AbortedDeal, Book, CallOptions, Deal, Instrument, Intention, Position } from '../../client/types.js';

export type { Chart, Doubt, EventPage, LogMoment, Moment, Timeline, Why };

export type Mark = Timeline['marks'][number];

/** Of which shard’s log positions are; of the first unless said otherwise. */
interface OfShard {
  readonly shard?: number | undefined;
}

/** The moment before a position of a log. */
export type AsOf = Moment & OfShard;

/** As of when, and until what. */
export type Asked = CallOptions & AsOf;

export type ChartFormat = 'svg' | 'mermaid' | 'text';

export interface Source {
  readonly kind: 'server' | 'file';

  instruments(asked: Asked): Promise<readonly Instrument[]>;
  tickers(asked: Asked): Promise<readonly Ticker[]>;
  ticker(symbol: string, asked: Asked): Promise<Ticker>;
  book(symbol: string, asked: Asked & { readonly depth?: number | undefined }): Promise<Book>;
  /** The latest ones unless `after` is given. */
  trades(symbol: string, asked: Asked & TradeFilter): Promise<readonly Trade[]>;
  candles(symbol: string, asked: Asked & CandleFilter): Promise<readonly Candle[]>;

  intention(id: string, asked: Asked): Promise<Intention>;
  intentions(asked: Asked & IntentionFilter): Promise<readonly Intention[]>;
  deal(id: string, asked: Asked): Promise<Deal | AbortedDeal>;
  deals(asked: Asked & DealFilter): Promise<readonly Deal[]>;
  positions(asked: Asked & PositionFilter): Promise<readonly Position[]>;
  doubts(asked: Asked): Promise<readonly Doubt[]>;

  why(intention: string, asked: Asked): Promise<Why>;
  intentionChart(intention: string, asked: Asked): Promise<Chart>;
  dealChart(deal: string, asked: Asked): Promise<Chart>;
  /** The same chart, of a deal (`12-3`) or an intention (`12`), as a document. */
  chartAs(subject: string, format: ChartFormat, asked: Asked): Promise<string>;

  timeline(asked: CallOptions & TimelineFilter): Promise<Timeline>;
  moment(asked: Asked): Promise<LogMoment>;
  /** Up to the head as it stands. */
  events(asked: CallOptions & EventPageFilter): Promise<EventPage>;
}
