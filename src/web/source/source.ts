/**
 * Where the views have what they show: a server, or a file. Shapes are those of the client; prices and quantities are decimal strings,
 * times RFC 3339. Every method rejects with ParleyError, or with the reason of the signal.
 */
import type { ChartJson } from '../../../projections/handshake/chart-json.js';
import type { DoubtView } from '../../../projections/store/queries/doubts.js';
import type { ExplanationJson } from '../../../projections/why/explanation-json.js';
import type { DealFilter, IntentionFilter, PositionFilter } from '../../client/filters.js';
import type { Candle, CandleInterval, Ticker, Trade } from '../../client/market/market-types.js';
import type { AbortedDeal, Book, Deal, Instrument, Intention, Position, RecordedEvent } from '../../client/types.js';

export type { ChartJson, DoubtView, ExplanationJson };

/** As of when: before the event at a position of one shard’s log, or at a time. Neither: as of now. */
export interface Moment {
  readonly at?: number | undefined;
  readonly atTime?: string | undefined;
}

export interface Asked extends Moment {
  readonly signal?: AbortSignal | undefined;
}

/** An auction or a restart, where it stands in the log. */
export type Mark =
  | { readonly position: number; readonly at: string; readonly kind: 'restart'; readonly epoch: number }
  | {
      readonly position: number;
      readonly at: string;
      readonly kind: 'auction';
      readonly instrument: string;
      readonly price?: string;
      readonly volume: string;
      readonly deals: number;
    };

/** What happened where in a log. */
export interface Timeline {
  readonly shard?: number;
  /** The head: the position that the next event gets. */
  readonly position: number;
  readonly from: number;
  readonly until: number;
  /** How many deals were decided in each of so many equal stretches of positions. */
  readonly deals: readonly number[];
  readonly marks: readonly Mark[];
  readonly marksLeftOut?: number;
}

/** A moment, and those beside it. */
export interface MomentPlace {
  readonly shard?: number;
  readonly position: number;
  /** The log’s time then; absent before its first event. */
  readonly at?: string;
  readonly previousBatch?: number;
  readonly nextBatch?: number;
  readonly previousDeal?: number;
  readonly nextDeal?: number;
}

/** Some events of one log, in its order. */
export interface EventPage {
  readonly events: readonly RecordedEvent[];
  /** Everything before this position has been looked at. */
  readonly upTo: number;
}

export interface EventQuery {
  readonly shard?: number | undefined;
  /** First position wanted. */
  readonly from: number;
  /** The most that are wanted. */
  readonly limit: number;
  readonly types?: readonly string[] | undefined;
  readonly stream?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type ChartFormat = 'svg' | 'mermaid' | 'text';

export interface Source {
  readonly kind: 'server' | 'file';

  instruments(asked: Asked): Promise<readonly Instrument[]>;
  tickers(asked: Asked): Promise<readonly Ticker[]>;
  ticker(symbol: string, asked: Asked): Promise<Ticker>;
  book(symbol: string, asked: Asked & { readonly depth?: number | undefined }): Promise<Book>;
  /** The latest ones unless `after` is given. */
  trades(
    symbol: string,
    asked: Asked & { readonly after?: number; readonly before?: number; readonly limit?: number },
  ): Promise<readonly Trade[]>;
  candles(
    symbol: string,
    asked: Asked & { readonly interval: CandleInterval; readonly limit?: number; readonly until?: string },
  ): Promise<readonly Candle[]>;

  intention(id: string, asked: Asked): Promise<Intention>;
  intentions(asked: Asked & IntentionFilter): Promise<readonly Intention[]>;
  deal(id: string, asked: Asked): Promise<Deal | AbortedDeal>;
  deals(asked: Asked & DealFilter): Promise<readonly Deal[]>;
  positions(asked: Asked & PositionFilter): Promise<readonly Position[]>;
  doubts(asked: Asked): Promise<readonly DoubtView[]>;

  why(intention: string, asked: Asked): Promise<ExplanationJson>;
  intentionChart(intention: string, asked: Asked): Promise<ChartJson>;
  dealChart(deal: string, asked: Asked): Promise<ChartJson>;
  /** The same chart, of a deal (`12-3`) or an intention (`12`), as a document. */
  chartAs(subject: string, format: ChartFormat, asked: Asked): Promise<string>;

  /** Of a stretch of one log; of all of it where `until` is left out. */
  timeline(
    asked: { readonly from?: number; readonly until?: number; readonly buckets?: number } & Pick<Asked, 'signal'> & {
        readonly shard?: number | undefined;
      },
  ): Promise<Timeline>;
  moment(asked: Asked & { readonly shard?: number | undefined }): Promise<MomentPlace>;
  /** Up to the head as it stands. */
  events(query: EventQuery): Promise<EventPage>;
}
