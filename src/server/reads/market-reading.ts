/**
 * Reads books and instruments: from the shard itself while it serves, and from its query store once it has stopped.
 *
 * 1. What is shown is durable, and stands as of the position that comes with it: a shard shows what it has recorded only once that is
 *    durable, and one that has stopped may hold in memory what never will be.
 * 2. An answer about a shard that has stopped says so, and why.
 */
import type { BookView, InstrumentList, InstrumentsPage, InstrumentView } from '../../exchange/commands.js';
import { ShardUnavailableError } from '../../exchange/port.js';
import type { ServerContext } from '../context.js';
import { LateError, within } from '../deadline.js';
import { type Problem, problem } from '../../api/problem.js';
import { type FoundIn, type Heads, QueryFailedError, type Share, type Terms } from './queries.js';
import { CATCH_UP_MS, readFresh } from './reading.js';

/** Beside what is shown of a shard that has stopped. */
export interface Stopped {
  readonly state: 'stopped';
  readonly reason: string;
}

type Shown<View> = View & Partial<Stopped>;

/** Undefined for an instrument that is not listed. */
export function readBook(
  context: ServerContext,
  share: Share,
  symbol: string,
  depth: number,
): Promise<Shown<BookView> | Problem | undefined> {
  const { exchange, queries } = context;
  return read(context, share, {
    shards: queries.shardsOf({ instrument: symbol }),
    ofShard: () => exchange.book(symbol, depth),
    ofStore: (terms) => queries.ask('book', [symbol, depth], terms),
    show: (book) => book,
  });
}

/** Undefined for an instrument that is not listed. Of a shard that has stopped, it comes with the position that it stands at. */
export function readInstrument(
  context: ServerContext,
  share: Share,
  symbol: string,
): Promise<Shown<InstrumentView & { readonly position?: number }> | Problem | undefined> {
  const { exchange, queries } = context;
  return read(context, share, {
    shards: queries.shardsOf({ instrument: symbol }),
    ofShard: () => exchange.instrument(symbol),
    ofStore: (terms) => queries.ask('instrument', [symbol], terms),
    show: (instrument, heads) => instrument && { ...instrument, position: [...heads.values()].at(-1) ?? 0 },
  });
}

/** A page of those that are listed; undefined for an `after` that is not. Where one shard has stopped, as their stores have them. */
export function readInstruments(
  context: ServerContext,
  share: Share,
  page: InstrumentsPage,
): Promise<Shown<InstrumentList> | Problem | undefined> {
  const { exchange, queries } = context;
  return read(context, share, {
    shards: queries.shards,
    ofShard: () => exchange.instruments(page),
    ofStore: (terms) => queries.ask('instruments', [page], terms),
    show: ({ rows, hasMore }, heads) => ({ instruments: rows, positions: heads, hasMore }),
  });
}

interface Reading<View, Value> {
  readonly shards: readonly number[];
  readonly ofShard: () => Promise<View | undefined>;
  readonly ofStore: (terms: Terms) => Promise<FoundIn<Value>>;
  /** What the stores hold, as the shard would show it. */
  readonly show: (value: Value, heads: Heads) => View | undefined;
}

async function read<View extends object, Value>(
  context: ServerContext,
  share: Share,
  reading: Reading<View, Value>,
): Promise<Shown<View> | Problem | undefined> {
  const stop = stopOf(context, reading.shards);
  if (stop !== undefined) return readStopped(context, share, reading, stop);
  try {
    return await within(reading.ofShard(), context.catchUpMs ?? CATCH_UP_MS, 'asking the shard');
  } catch (error) {
    if (!(error instanceof ShardUnavailableError) && !(error instanceof LateError)) throw error;
    const stopSince = stopOf(context, reading.shards);
    if (stopSince !== undefined) return readStopped(context, share, reading, stopSince);
    return problem('UNAVAILABLE', error.message);
  }
}

/** Why one of these shards has stopped; undefined while none has. */
function stopOf({ exchange, cluster }: ServerContext, shards: readonly number[]): string | undefined {
  const here = exchange.shards().find(({ shard, state }) => state === 'stopped' && shards.includes(shard));
  if (here !== undefined) return `shard ${here.shard} has stopped: ${here.reason ?? 'it is closed'}`;
  const there = cluster?.view().shards.find(({ shard, state }) => state === 'stopped' && shards.includes(shard));
  return there && `shard ${there.shard} has stopped at member ${there.owner ?? ''}`;
}

async function readStopped<View extends object, Value>(
  context: ServerContext,
  share: Share,
  { shards, ofStore, show }: Reading<View, Value>,
  reason: string,
): Promise<Shown<View> | Problem | undefined> {
  try {
    const found = await readFresh(context, share, shards, ofStore);
    if ('code' in found) return problem('UNAVAILABLE', `${reason}; ${found.detail}`);
    const view = show(found.value, found.heads);
    return view && { ...view, state: 'stopped', reason };
  } catch (error) {
    if (error instanceof QueryFailedError && error.code === 'INVALID_QUERY') throw error;
    context.logger.warn({ err: error }, 'the projections cannot answer for a shard that has stopped');
    return problem('UNAVAILABLE', `${reason}; the projections cannot answer now`);
  }
}
