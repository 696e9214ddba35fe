import { messagesFrom, unreadable } from '../wire/message-stream.js';
import { Retries } from '../wire/retry.js';
import type { Transport } from '../wire/transport.js';
import type { CallOptions, RecordedEvent } from '../types.js';
import type { EventPage } from './history-types.js';

/** Which events of a log. */
export interface EventPageFilter {
  /** First log position wanted; 0 unless said otherwise. */
  readonly from?: number | undefined;
  /** Only events before this position; before the head as it stands unless said otherwise. */
  readonly until?: number | undefined;
  /** How many at most; 100 unless said otherwise. */
  readonly limit?: number | undefined;
  /** Only these types; all unless given. */
  readonly types?: readonly string[] | undefined;
  /** Only this stream. A participant must name the stream of an intention of its own. */
  readonly stream?: string | undefined;
  /** Whose log. That of the stream, or else the first, where it is left out. */
  readonly shard?: number | undefined;
}

/** A page as far as it has come: what a connection that breaks has brought stays. */
interface Filling {
  readonly events: RecordedEvent[];
  upTo: number;
  isWhole: boolean;
}

/** Over as many connections as it takes; each is ended as soon as there is enough. */
export async function eventPage(
  transport: Transport,
  { from = 0, limit = 100, signal, ...filter }: EventPageFilter & CallOptions,
): Promise<EventPage> {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError('limit: a whole number from 1 up');
  const retries = new Retries(transport.retry);
  const page: Filling = { events: [], upTo: from, isWhole: false };
  while (!page.isWhole) {
    try {
      await fill(transport, page, { ...filter, limit, signal });
    } catch (error) {
      await retries.after(error, signal);
    }
  }
  return { events: page.events, upTo: page.upTo };
}

type Wanted = Omit<EventPageFilter, 'from'> & CallOptions & { readonly limit: number };

async function fill(transport: Transport, page: Filling, wanted: Wanted): Promise<void> {
  const { until = Number.MAX_SAFE_INTEGER, limit, types, stream, shard, signal } = wanted;
  const query = { from: page.upTo, until, stream, shard, type: types?.join(',') };
  for await (const message of messagesFrom<RecordedEvent>(transport, {
    path: '/v1/events',
    query: () => query,
    signal,
  })) {
    const { type, position } = message;
    if (position < page.upTo) throw unreadable(`position ${position} comes twice`);
    page.isWhole = type === 'upTo';
    page.upTo = page.isWhole ? position : position + 1;
    if (page.isWhole) return;
    page.isWhole = page.events.push(message) >= limit;
    if (page.isWhole) return;
  }
}
