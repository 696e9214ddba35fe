import { pause } from '../../resilience/pause.js';
import { ParleyError } from '../wire/error.js';
import { followEvents } from './event-stream.js';
import { Retries } from '../wire/retry.js';
import type { Transport } from '../wire/transport.js';
import type { DealFeedFilter } from '../filters.js';
import type { Deal } from '../types.js';

const PAGE_ROWS = 1_000;
/** How often a key that may not follow the events looks for new deals. */
const POLL_MS = 1_000;
/** In a list of several shards’ deals, a position has this added for each shard before its own. */
const POSITIONS_PER_SHARD = 2 ** 44;

interface Page {
  readonly deals: readonly Deal[];
  /** It holds all events before it: of the only shard, or of each. */
  readonly position?: number;
  readonly positionByShard?: Readonly<Record<string, number>>;
}

/** One shard as far as its deals have been given. */
interface Cursor {
  /** Undefined where the server has one alone. */
  readonly shard: number | undefined;
  /** The last deal that was given, or as far as there was none, as the list names positions. */
  after: number;
  /** All events before this log position have been looked at. */
  next: number;
}

/**
 * The deals that there are, and then those that come, in the order of each shard’s log.
 *
 * 1. The rows come from the list of deals, which goes on after the last one of a shard: so none is missing and none comes twice, whatever
 *    breaks. The stream of events only tells when to look.
 * 2. A participant’s key may not follow that stream: it looks every second.
 */
export async function* followDeals(
  transport: Transport,
  filter: DealFeedFilter,
): AsyncGenerator<readonly Deal[], void, undefined> {
  const { latest = 100, after, signal } = filter;
  const ending = new AbortController();
  const own = { ...filter, signal: signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]) };
  try {
    const first = await ask(transport, own, { limit: after === undefined ? Math.max(1, latest) : 1 });
    if (after === undefined && latest > 0) yield first.deals;
    yield* merged(cursorsOf(first, after).map((cursor) => ofShard(transport, own, cursor)));
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    ending.abort();
  }
}

function cursorsOf({ position = 0, positionByShard }: Page, after: number | undefined): Cursor[] {
  if (positionByShard === undefined) {
    return [{ shard: undefined, after: after ?? Math.max(0, position - 1), next: position }];
  }
  const from = after === undefined ? undefined : Math.floor(after / POSITIONS_PER_SHARD);
  return Object.entries(positionByShard).map(([name, next]) => {
    const shard = Number(name);
    const first = shard * POSITIONS_PER_SHARD;
    // All deals of an earlier shard stand before those of a later one.
    if (after === undefined || from === undefined || shard < from) {
      return { shard, after: first + Math.max(0, next - 1), next };
    }
    return { shard, after: shard === from ? after : first, next };
  });
}

async function* ofShard(
  transport: Transport,
  filter: DealFeedFilter,
  cursor: Cursor,
): AsyncGenerator<readonly Deal[], void, undefined> {
  yield* newDeals(transport, filter, cursor);
  for await (const position of signs(transport, filter, cursor)) {
    if (position >= cursor.next) yield* newDeals(transport, filter, cursor);
  }
}

/** Positions of events that may be new deals. */
async function* signs(
  transport: Transport,
  { signal }: DealFeedFilter,
  { shard, next }: Cursor,
): AsyncGenerator<number, void, undefined> {
  // The list has been there: a server that is away now is waited for, even if no feed was ever opened.
  const wanted = { shard, from: next, type: 'DealConfirmed', signal } as const;
  try {
    for await (const { position } of followEvents(transport, wanted, Number.POSITIVE_INFINITY)) {
      yield position;
    }
  } catch (error) {
    if (!(error instanceof ParleyError && error.code === 'FORBIDDEN')) throw error;
    while (signal?.aborted !== true) {
      await pause(POLL_MS, signal);
      yield Number.POSITIVE_INFINITY;
    }
  }
}

/** All that are there by now, page after page. */
async function* newDeals(
  transport: Transport,
  filter: DealFeedFilter,
  cursor: Cursor,
): AsyncGenerator<readonly Deal[], void, undefined> {
  const { shard } = cursor;
  const before = shard === undefined ? undefined : (shard + 1) * POSITIONS_PER_SHARD;
  for (;;) {
    const { after } = cursor;
    const { deals, position, positionByShard } = await ask(transport, filter, { after, before, limit: PAGE_ROWS });
    cursor.after = deals.at(-1)?.position ?? after;
    if (deals.length > 0) yield deals;
    if (deals.length === PAGE_ROWS) continue;
    cursor.next = position ?? positionByShard?.[String(shard)] ?? cursor.next;
    return;
  }
}

/** A server that is away will be there again: it is only waited for. */
async function ask(
  transport: Transport,
  { participant, instrument, intention, signal }: DealFeedFilter,
  place: { readonly after?: number; readonly before?: number | undefined; readonly limit: number },
): Promise<Page> {
  const isFirst = place.after === undefined;
  const retries = new Retries({ ...transport.retry, ...(isFirst ? {} : { attempts: Number.POSITIVE_INFINITY }) });
  const query = { participant, instrument, intention, ...place };
  for (;;) {
    try {
      return await transport.call<Page>({ method: 'GET', path: '/v1/deals', query, isRepeatable: isFirst, signal });
    } catch (error) {
      if (isFirst) throw error;
      await retries.after(error, signal);
    }
  }
}

/** What comes from any of them, as it comes. The first failure is thrown; whoever reads no further must end the others. */
async function* merged<Value>(sources: readonly AsyncGenerator<Value>[]): AsyncGenerator<Value, void, undefined> {
  const step = async (source: AsyncGenerator<Value>) => ({ source, result: await source.next() });
  const pending = new Map(sources.map((source) => [source, step(source)]));
  try {
    while (pending.size > 0) {
      const { source, result } = await Promise.race(pending.values());
      if (result.done === true) {
        pending.delete(source);
        continue;
      }
      pending.set(source, step(source));
      yield result.value;
    }
  } finally {
    for (const each of pending.values()) each.catch(() => undefined);
  }
}
