import { ParleyClient } from '../../client/client.js';
import type { Candle, CandleInterval } from '../../client/market/market-types.js';
import type { CallOptions } from '../../client/types.js';
import { transportOf } from '../../client/wire/options.js';
import type { Asked, Source } from './source.js';

/** What a server tells, by the client that every program has. */
export class ServerSource implements Source {
  readonly kind = 'server';
  readonly client: ParleyClient;
  /** For what the client leaves out: documents, and where a list stands. */
  readonly #transport: ReturnType<typeof transportOf>;

  constructor(options: { readonly url: string; readonly key: string | undefined }) {
    // Whoever looks sees that the exchange is away, and looks again.
    const way = { ...options, retry: { attempts: 1 } };
    this.client = new ParleyClient(way);
    this.#transport = transportOf(way);
  }

  instruments: Source['instruments'] = ({ signal }) => this.client.instruments({ signal });
  tickers: Source['tickers'] = (asked) => this.client.market.tickers(asked);
  ticker: Source['ticker'] = (symbol, asked) => this.client.market.ticker(symbol, asked);
  book: Source['book'] = (symbol, asked) => this.client.market.book(symbol, asked);
  trades: Source['trades'] = (symbol, asked) => this.client.market.trades(symbol, asked);
  candles: Source['candles'] = (symbol, asked) => this.client.market.candles(symbol, asked);

  /** Candles as of now, with the log position up to which all deals are in them: trades from there on are not. */
  candlesUpTo(
    symbol: string,
    { signal, ...query }: { readonly interval: CandleInterval; readonly limit: number } & Pick<Asked, 'signal'>,
  ): Promise<{ readonly candles: readonly Candle[]; readonly position: number }> {
    return this.#transport.read(`/v1/candles/${encodeURIComponent(symbol)}`, query, signal);
  }

  intention: Source['intention'] = (id, asked) => this.client.intention(id, asked);
  intentions: Source['intentions'] = ({ signal, ...filter }) => this.client.intentions(filter, { signal });
  deal: Source['deal'] = (id, asked) => this.client.deal(id, asked);
  deals: Source['deals'] = ({ signal, ...filter }) => this.client.deals(filter, { signal });
  positions: Source['positions'] = ({ signal, ...filter }) => this.client.positions(filter, { signal });

  doubts: Source['doubts'] = (asked) => this.client.history.doubts(asked);
  why: Source['why'] = (id, asked) => this.client.history.why(id, asked);
  intentionChart: Source['intentionChart'] = (id, asked) => this.client.history.intentionChart(id, asked);
  dealChart: Source['dealChart'] = (id, asked) => this.client.history.dealChart(id, asked);
  timeline: Source['timeline'] = (asked) => this.client.history.timeline(asked);
  moment: Source['moment'] = (asked) => this.client.history.moment(asked);
  events: Source['events'] = (asked) => this.client.history.events(asked);

  chartAs: Source['chartAs'] = async (subject, format, { signal, ...query }) => {
    const path = `/v1/${subject.includes('-') ? 'deals' : 'intentions'}/${encodeURIComponent(subject)}/chart`;
    const headers = { accept: mediaTypes[format] };
    const response = await this.#transport.open(path, { method: 'GET', query, headers, signal: signal ?? null });
    return response.text();
  };

  /** What the server measures of itself, in Prometheus’ text format. */
  async metrics({ signal }: CallOptions): Promise<string> {
    const response = await this.#transport.open('/metrics', { method: 'GET', headers: {}, signal: signal ?? null });
    return response.text();
  }
}

const mediaTypes = { svg: 'image/svg+xml', mermaid: 'text/vnd.mermaid', text: 'text/plain' } as const;
