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
import { LateError, within } from '../../resilience/within.js';
import { type Problem, problem } from '../../api/problem.js';
import { checkedBook, checkedDepth } from '../../../projections/book/checksum.js';
import { type AnswerOf, QueryFailedError, type Share } from '../../../projections/store/desk/protocol.js';
import type { OneName } from '../../../projections/store/desk/sharded-queries.js';
import type { Heads } from '../../../projections/store/queries/found.js';
import type { Asking, Read } from '../../../projections/store/reading/reads.js';
import { type MomentQuery, pointIn } from './moment.js';

/** Beside what is shown of a shard that has stopped. */
export interface Stopped {
  readonly state: 'stopped';
  readonly reason: string;
}

type Shown<View> = View & Partial<Stopped>;

/** A book with its checksum; where there are several shards, with the one that lists it. */
export type ShownBook = Shown<BookView & { readonly checksum: number; readonly shard?: number }>;

/** Undefined for an instrument that is not listed, at the moment that is asked for. */
export async function readBook(
  context: ServerContext,
  share: Share,
  symbol: string,
  { depth, ...moment }: MomentQuery & { readonly depth: number },
): Promise<ShownBook | Problem | undefined> {
  const { exchange, stores } = context;
  const shards = stores.shardsOf({ instrument: symbol });
  const point = pointIn(moment, shards);
  const looked = checkedDepth(depth);
  const ofStores: Asking<'book'> = { query: 'book', values: [symbol, looked] };
  const book =
    point === undefined
      ? await read(context, share, {
          shards,
          ofStores,
          ofShard: () => exchange.book(symbol, looked),
          show: (view) => view,
        })
      : await readPast(context, { ...ofStores, shards, share, point });
  if (book === undefined || 'code' in book) return book;
  const [shard] = stores.shards.length > 1 && shards.length === 1 ? shards : [];
  return { ...checkedBook(book, depth), ...(shard === undefined ? {} : { shard }) };
}

/** Undefined for an instrument that is not listed. Of a shard that has stopped, it comes with the position that it stands at. */
export function readInstrument(
  context: ServerContext,
  share: Share,
  symbol: string,
): Promise<Shown<InstrumentView & { readonly position?: number }> | Problem | undefined> {
  const { exchange, stores } = context;
  return read(context, share, {
    shards: stores.shardsOf({ instrument: symbol }),
    ofShard: () => exchange.instrument(symbol),
    ofStores: { query: 'instrument', values: [symbol] },
    show: (instrument, heads) => instrument && { ...instrument, position: [...heads.values()].at(-1) ?? 0 },
  });
}

/** A page of those that are listed; undefined for an `after` that is not. Where one shard has stopped, as their stores have them. */
export function readInstruments(
  context: ServerContext,
  share: Share,
  page: InstrumentsPage,
): Promise<Shown<InstrumentList> | Problem | undefined> {
  const { exchange, stores } = context;
  return read(context, share, {
    shards: stores.shards,
    ofShard: () => exchange.instruments(page),
    ofStores: { query: 'instruments', values: [page] },
    show: ({ rows, hasMore }, heads) => ({ instruments: rows, positions: heads, hasMore }),
  });
}

interface Reading<View, Name extends OneName> {
  readonly shards: readonly number[];
  readonly ofShard: () => Promise<View | undefined>;
  readonly ofStores: Asking<Name>;
  /** What the stores hold, as the shard would show it. */
  readonly show: (value: AnswerOf<Name>, heads: Heads) => View | undefined;
}

async function read<View extends object, Name extends OneName>(
  context: ServerContext,
  share: Share,
  reading: Reading<View, Name>,
): Promise<Shown<View> | Problem | undefined> {
  const stop = stopOf(context, reading.shards);
  if (stop !== undefined) return readStopped(context, share, reading, stop);
  try {
    return await within(reading.ofShard(), context.reads.waitMs, 'asking the shard');
  } catch (error) {
    if (!(error instanceof ShardUnavailableError) && !(error instanceof LateError)) throw error;
    const stopSince = stopOf(context, reading.shards);
    if (stopSince !== undefined) return readStopped(context, share, reading, stopSince);
    return problem('UNAVAILABLE', error.message);
  }
}

async function readPast(context: ServerContext, wanted: Read<'book'>): Promise<BookView | Problem | undefined> {
  const found = await context.reads.read(wanted);
  return found.ok ? found.value : problem('UNAVAILABLE', found.why);
}

/** Why one of these shards has stopped; undefined while none has. */
function stopOf({ exchange, cluster }: ServerContext, shards: readonly number[]): string | undefined {
  const here = exchange.shards().find(({ shard, state }) => state === 'stopped' && shards.includes(shard));
  if (here !== undefined) return `shard ${here.shard} has stopped: ${here.reason ?? 'it is closed'}`;
  const there = cluster?.view().shards.find(({ shard, state }) => state === 'stopped' && shards.includes(shard));
  return there && `shard ${there.shard} has stopped at member ${there.owner ?? ''}`;
}

async function readStopped<View extends object, Name extends OneName>(
  context: ServerContext,
  share: Share,
  { shards, ofStores, show }: Reading<View, Name>,
  reason: string,
): Promise<Shown<View> | Problem | undefined> {
  try {
    const found = await context.reads.read({ ...ofStores, shards, share });
    if (!found.ok) return problem('UNAVAILABLE', `${reason}; ${found.why}`);
    const view = show(found.value, found.heads);
    return view && { ...view, state: 'stopped', reason };
  } catch (error) {
    if (error instanceof QueryFailedError && error.code === 'INVALID_QUERY') throw error;
    context.logger.warn({ err: error }, 'the projections cannot answer for a shard that has stopped');
    return problem('UNAVAILABLE', `${reason}; the projections cannot answer now`);
  }
}
