import { ParleyClient } from '../../client/client.js';
import { transportOf } from '../../client/wire/options.js';
import type { Transport } from '../../client/wire/transport.js';
import type { Caller } from '../app/session.js';
import type { Asked, EventPage, EventQuery, MomentPlace, Source, Timeline } from './source.js';

/** What a server tells, by the client that every program has. */
export class ServerSource implements Source {
  readonly kind = 'server';
  readonly client: ParleyClient;
  private readonly transport: Transport;

  constructor(options: { readonly url: string; readonly key: string | undefined }) {
    this.client = new ParleyClient({ ...options, retry: { attempts: 1 } });
    this.transport = transportOf({ ...options, retry: { attempts: 1 } });
  }

  /** Who the key says that one is. */
  caller(asked: Pick<Asked, 'signal'>): Promise<Caller> {
    return this.read('/v1/caller', asked);
  }

  instruments: Source['instruments'] = ({ signal }) => this.client.instruments({ signal });
  tickers: Source['tickers'] = (asked) => this.client.market.tickers(asked);
  ticker: Source['ticker'] = (symbol, asked) => this.client.market.ticker(symbol, asked);
  book: Source['book'] = (symbol, asked) => this.client.market.book(symbol, asked);
  trades: Source['trades'] = (symbol, asked) => this.client.market.trades(symbol, asked);
  candles: Source['candles'] = (symbol, asked) => this.client.market.candles(symbol, asked);

  intention: Source['intention'] = (id, asked) => this.read(`/v1/intentions/${encodeURIComponent(id)}`, asked);
  deal: Source['deal'] = (id, asked) => this.read(`/v1/deals/${encodeURIComponent(id)}`, asked);
  why: Source['why'] = (id, asked) => this.read(`/v1/intentions/${encodeURIComponent(id)}/why`, asked);
  intentionChart: Source['intentionChart'] = (id, asked) =>
    this.read(`/v1/intentions/${encodeURIComponent(id)}/chart`, asked);
  dealChart: Source['dealChart'] = (id, asked) => this.read(`/v1/deals/${encodeURIComponent(id)}/chart`, asked);

  chartAs: Source['chartAs'] = async (subject, format, { signal, ...query }) => {
    const path = `/v1/${subject.includes('-') ? 'deals' : 'intentions'}/${encodeURIComponent(subject)}/chart`;
    const headers = { accept: mediaTypes[format] };
    const response = await this.transport.open(path, { method: 'GET', query, headers, signal: signal ?? null });
    return response.text();
  };

  intentions: Source['intentions'] = async (asked) => (await this.read<Lists>('/v1/intentions', asked)).intentions;
  deals: Source['deals'] = async (asked) => (await this.read<Lists>('/v1/deals', asked)).deals;
  doubts: Source['doubts'] = async (asked) => (await this.read<Lists>('/v1/doubts', asked)).doubts;
  positions: Source['positions'] = async ({ after, ...asked }) => {
    const query = { ...asked, after: after && `${after.participant}/${after.instrument}` };
    return (await this.read<Lists>('/v1/positions', query)).positions;
  };

  timeline: Source['timeline'] = (asked) => this.read<Timeline>('/v1/timeline', asked);
  moment: Source['moment'] = (asked) => this.read<MomentPlace>('/v1/moment', asked);

  /** Some events, up to the head as it stands when this is asked. */
  async events({ shard, from, limit, types, stream, signal }: EventQuery): Promise<EventPage> {
    const { position: head } = await this.timeline({ shard, buckets: 1, signal });
    const events: EventPage['events'][number][] = [];
    if (from >= head) return { events, upTo: head };
    const end = new AbortController();
    const ends = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
    for await (const event of this.client.events({ shard, from, type: types, stream, signal: ends })) {
      if (event.position >= head) break;
      events.push(event);
      if (events.length === limit || event.position === head - 1) break;
    }
    signal?.throwIfAborted();
    const last = events.at(-1);
    return { events, upTo: events.length === limit && last !== undefined ? last.position + 1 : head };
  }

  private read<Value>(path: string, { signal, ...query }: Asked): Promise<Value> {
    return this.transport.read(path, query, signal);
  }
}

const mediaTypes = { svg: 'image/svg+xml', mermaid: 'text/vnd.mermaid', text: 'text/plain' } as const;

interface Lists {
  readonly intentions: Awaited<ReturnType<Source['intentions']>>;
  readonly deals: Awaited<ReturnType<Source['deals']>>;
  readonly doubts: Awaited<ReturnType<Source['doubts']>>;
  readonly positions: Awaited<ReturnType<Source['positions']>>;
}
