import type { Moment } from '../filters.js';
import type { CallOptions } from '../types.js';
import type { Transport } from '../wire/transport.js';
import { eventPage, type EventPageFilter } from './event-page.js';
import type { Chart, Doubt, EventPage, LogMoment, Timeline, Why } from './history-types.js';

/** Which stretch of which log. */
export interface TimelineFilter {
  /** Whose log; the first unless said otherwise. */
  readonly shard?: number | undefined;
  /** The first position; 0 unless said otherwise. */
  readonly from?: number | undefined;
  /** Only what stands before this position; up to the head unless said otherwise. */
  readonly until?: number | undefined;
  /** In how many equal stretches deals are counted: 1 to 1,000, 200 unless said otherwise. */
  readonly buckets?: number | undefined;
}

/** What can be asked of a log’s past: why, by which messages, and where things are in it. Each rejects with ParleyError. */
export class History {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Why an intention was filled or not. Refusals: UNKNOWN_INTENTION, NOT_YOURS, POSITION_AHEAD, UNAVAILABLE. */
  why(intention: string, options: CallOptions & Moment = {}): Promise<Why> {
    return this.#read(`/v1/intentions/${encodeURIComponent(intention)}/why`, options);
  }

  /** The chart of a deal’s handshake. Refusals: as `why`, UNKNOWN_DEAL, and FORBIDDEN where the instrument hides counterparties. */
  dealChart(deal: string, options: CallOptions & Moment = {}): Promise<Chart> {
    return this.#read(`/v1/deals/${encodeURIComponent(deal)}/chart`, options);
  }

  /** The chart of an intention and all its deals. Refusals: as `dealChart`. */
  intentionChart(intention: string, options: CallOptions & Moment = {}): Promise<Chart> {
    return this.#read(`/v1/intentions/${encodeURIComponent(intention)}/chart`, options);
  }

  /** Promises that wait for their decision, 1,000 at most, the oldest of each shard first. For operators and auditors. */
  async doubts(options: CallOptions & Moment = {}): Promise<readonly Doubt[]> {
    const { doubts } = await this.#read<{ doubts: Doubt[] }>('/v1/doubts', options);
    return doubts;
  }

  /** How many deals there were in each stretch of a log, its restarts and its auctions. Refusals: UNKNOWN_SHARD, POSITION_AHEAD. */
  timeline(options: CallOptions & TimelineFilter = {}): Promise<Timeline> {
    return this.#read('/v1/timeline', options);
  }

  /** A moment of a log, the present one unless given, and those next to it. Refusals: UNKNOWN_SHARD, POSITION_AHEAD. */
  moment(options: CallOptions & Moment & { readonly shard?: number | undefined } = {}): Promise<LogMoment> {
    return this.#read('/v1/moment', options);
  }

  /**
   * A page of events, up to `limit` of those that there are by now; it does not wait for more. Where fewer match, it looks through all of
   * the stretch: with an `until`, no further than that. Refusals: as `events` of the client, and INVALID_COMMAND.
   */
  events(filter: CallOptions & EventPageFilter = {}): Promise<EventPage> {
    return eventPage(this.#transport, filter);
  }

  #read<Value>(path: string, { signal, ...query }: CallOptions & TimelineFilter & Moment): Promise<Value> {
    return this.#transport.read(path, query, signal);
  }
}
