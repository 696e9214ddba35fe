import { ParleyClient } from '../../client/client.js';
import type { Candle, CandleInterval } from '../../client/market/market-types.js';
import type { Account } from '../../client/own/own-types.js';
import type { CallOptions } from '../../client/types.js';
import { transportOf } from '../../client/wire/options.js';
import { ShardMoments } from './shard-moments.js';
import type { Asked, Source } from './source.js';

/** What a server tells, by the client that every program has. */
export class ServerSource implements Source {
  readonly kind = 'server';
  readonly client: ParleyClient;
  /** For what the client leaves out: documents, and where a list stands. */
  readonly #transport: ReturnType<typeof transportOf>;
  readonly #moments: ShardMoments;

  constructor(options: { readonly url: string; readonly key: string | undefined }) {
    // Whoever looks sees that the exchange is away, and looks again.
    const way = { ...options, retry: { attempts: 1 } };
    this.client = new ParleyClient(way);
    this.#transport = transportOf(way);
    this.#moments = new ShardMoments({
      moment: (options) => this.client.history.moment(options),
      ticker: (symbol, options) => this.client.market.ticker(symbol, options),
    });
  }

  instruments: Source['instruments'] = ({ signal }) => this.client.instruments({ signal });
  tickers: Source['tickers'] = async (asked) => this.client.market.tickers(await this.#moments.ofAll(asked));
  ticker: Source['ticker'] = async (symbol, asked) =>
    this.client.market.ticker(symbol, await this.#moments.ofInstrument(symbol, asked));
  book: Source['book'] = async (symbol, asked) =>
    this.client.market.book(symbol, await this.#moments.ofInstrument(symbol, asked));
  trades: Source['trades'] = async (symbol, asked) =>
    this.client.market.trades(symbol, await this.#moments.ofInstrument(symbol, asked));
  candles: Source['candles'] = async (symbol, asked) =>
    this.client.market.candles(symbol, await this.#moments.ofInstrument(symbol, asked));

  /** Candles as of now, with the log position up to which all deals are in them: trades from there on are not. */
  candlesUpTo(
    symbol: string,
    { signal, ...query }: { readonly interval: CandleInterval; readonly limit: number } & Pick<Asked, 'signal'>,
  ): Promise<{ readonly candles: readonly Candle[]; readonly position: number }> {
    return this.#transport.read(`/v1/candles/${encodeURIComponent(symbol)}`, query, signal);
  }

  intention: Source['intention'] = async (id, asked) => this.client.intention(id, await this.#moments.ofId(id, asked));
  intentions: Source['intentions'] = async (asked) => {
    const { signal, ...filter } = await this.#moments.ofAll(asked);
    return this.client.intentions(filter, { signal });
  };
  deal: Source['deal'] = async (id, asked) => this.client.deal(id, await this.#moments.ofId(id, asked));
  deals: Source['deals'] = async (asked) => {
    const { signal, ...filter } = await this.#moments.ofAll(asked);
    return this.client.deals(filter, { signal });
  };
  positions: Source['positions'] = async (asked) => {
    const { signal, ...filter } = await this.#moments.ofAll(asked);
    return this.client.positions(filter, { signal });
  };

  /** All that a participant has and may, of every shard. */
  async account(participant: string, asked: Asked): Promise<Account> {
    return this.client.account({ ...(await this.#moments.ofAll(asked)), participant });
  }

  doubts: Source['doubts'] = async (asked) => this.client.history.doubts(await this.#moments.ofAll(asked));
  why: Source['why'] = async (id, asked) => this.client.history.why(id, await this.#moments.ofId(id, asked));
  intentionChart: Source['intentionChart'] = async (id, asked) =>
    this.client.history.intentionChart(id, await this.#moments.ofId(id, asked));
  dealChart: Source['dealChart'] = async (id, asked) =>
    this.client.history.dealChart(id, await this.#moments.ofId(id, asked));
  timeline: Source['timeline'] = (asked) => this.client.history.timeline(asked);
  moment: Source['moment'] = (asked) => this.client.history.moment(asked);
  events: Source['events'] = (asked) => this.client.history.events(asked);

  chartAs: Source['chartAs'] = async (subject, format, asked) => {
    const { signal, ...query } = await this.#moments.ofId(subject, asked);
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
