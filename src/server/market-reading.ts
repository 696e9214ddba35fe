/**
 * Books and instruments: of the shard itself while it serves, and of its query store once it has stopped.
 *
 * 1. What is shown is durable, and stands as of the position that comes with it: a shard shows what it has recorded only once that is
 *    durable, and one that has stopped may hold in memory what never will be.
 * 2. Whoever reads a shard that has stopped is told so, and why.
 */
import type { BookView, InstrumentList, InstrumentView } from '../exchange/commands.js';
import { ShardUnavailableError } from '../exchange/port.js';
import type { ServerContext } from './context.js';
import { LateError, within } from './deadline.js';
import { type Problem, problem } from './problem.js';
import { CATCH_UP_MS, catchUp } from './reading.js';

/** Beside what is shown of a shard that has stopped. */
export interface Stopped {
  readonly state: 'stopped';
  readonly reason: string;
}

type Shown<View> = View & Partial<Stopped>;

/** Undefined for an instrument that is not listed. */
export function readBook(
  context: ServerContext,
  symbol: string,
  depth: number,
): Promise<Shown<BookView> | Problem | undefined> {
  const { exchange, queries } = context;
  return read(context, queries.shardsOf({ instrument: symbol }), {
    ofShard: () => exchange.book(symbol, depth),
    ofStore: () => queries.book(symbol, depth),
  });
}

/** Undefined for an instrument that is not listed. Of a shard that has stopped, it comes with the position that it stands at. */
export function readInstrument(
  context: ServerContext,
  symbol: string,
): Promise<Shown<InstrumentView & { readonly position?: number }> | Problem | undefined> {
  const { exchange, queries } = context;
  return read(context, queries.shardsOf({ instrument: symbol }), {
    ofShard: () => exchange.instrument(symbol),
    ofStore: async () => {
      const found = await queries.instrument(symbol);
      return found && { ...found.value, position: found.position };
    },
  });
}

/** All that are listed. Where one shard has stopped, all are shown as their stores have them. */
export async function readInstruments(context: ServerContext): Promise<Shown<InstrumentList> | Problem> {
  const { exchange, queries } = context;
  const list = await read(context, queries.shards, {
    ofShard: () => exchange.instruments(),
    ofStore: async () => {
      const { value, heads } = await queries.instruments();
      return { instruments: value, positions: heads };
    },
  });
  return list ?? { instruments: [], positions: new Map() };
}

interface Sources<View> {
  readonly ofShard: () => Promise<View | undefined>;
  readonly ofStore: () => Promise<View | undefined>;
}

async function read<View extends object>(
  context: ServerContext,
  shards: readonly number[],
  { ofShard, ofStore }: Sources<View>,
): Promise<Shown<View> | Problem | undefined> {
  const stop = stopOf(context, shards);
  if (stop !== undefined) return readStopped(context, shards, stop, ofStore);
  try {
    return await within(ofShard(), context.catchUpMs ?? CATCH_UP_MS, 'asking the shard');
  } catch (error) {
    if (!(error instanceof ShardUnavailableError) && !(error instanceof LateError)) throw error;
    const stopSince = stopOf(context, shards);
    if (stopSince !== undefined) return readStopped(context, shards, stopSince, ofStore);
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

async function readStopped<View extends object>(
  context: ServerContext,
  shards: readonly number[],
  reason: string,
  ofStore: Sources<View>['ofStore'],
): Promise<Shown<View> | Problem | undefined> {
  const wanted = await catchUp(context, shards);
  if ('code' in wanted) return problem('UNAVAILABLE', `${reason}; ${wanted.detail}`);
  try {
    const view = await ofStore();
    return view && { ...view, state: 'stopped', reason };
  } catch (error) {
    context.logger.warn({ err: error }, 'the projections cannot answer for a shard that has stopped');
    return problem('UNAVAILABLE', `${reason}; the projections cannot answer now`);
  }
}
