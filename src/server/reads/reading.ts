/** Reads from the projections that show all that was durable when they were asked for, the reader’s own writes among it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actingFor } from '../../api/access.js';
import { refuse } from '../routes/answer.js';
import type { ServerContext } from '../context.js';
import { within } from '../deadline.js';
import { type Problem, problem } from '../../api/problem.js';
import { type FoundIn, type Heads, QueryFailedError, type Share, type Subject, type Terms } from './queries.js';

/** How long a read waits, unless configured otherwise. */
export const CATCH_UP_MS = 2_000;

/** What the projections of these shards are found to hold of all that is durable now; or that they do not get there in time. */
export async function readFresh<Value>(
  context: ServerContext,
  share: Share,
  shards: readonly number[],
  ask: (terms: Terms) => Promise<FoundIn<Value>>,
): Promise<FoundIn<Value> | Problem> {
  const { catchUpMs = CATCH_UP_MS } = context;
  const startMs = performance.now();
  const heads = await headsOf(context, shards);
  if ('code' in heads) return heads;
  const timeoutMs = Math.max(0, catchUpMs - (performance.now() - startMs));
  const { id, weight } = share;
  try {
    return await context.backlog.whileRead(() => ask({ atLeast: heads, timeoutMs, share: { id, weight } }));
  } catch (error) {
    if (!(error instanceof QueryFailedError)) throw error;
    const { code, shard } = error;
    if (code === 'STORE_BEHIND' && shard !== undefined) return isBehind(context, heads, shard);
    if (code === 'STORE_DAMAGED') return problem('UNAVAILABLE', `${error.message}; try again shortly`);
    if (code !== 'STORE_BUSY') throw error;
    return problem('UNAVAILABLE', 'too many reads wait for their turn; try again shortly');
  }
}

/** Whose intention that is; nobody's where there is none. */
export async function partyOf(
  context: ServerContext,
  share: Share,
  intention: string,
): Promise<{ readonly participant: string | undefined } | Problem> {
  const { queries } = context;
  const found = await readFresh(context, share, queries.shardsOf({ intention }), (terms) =>
    queries.ask('intention', [intention], terms),
  );
  return 'code' in found ? found : { participant: found.value?.participant };
}

/** How far these shards are durable now. */
export async function headsOf(context: ServerContext, shards: readonly number[]): Promise<Heads | Problem> {
  const { freshness, catchUpMs = CATCH_UP_MS } = context;
  try {
    return await within(freshness.heads(shards), catchUpMs, 'asking the log for its head');
  } catch (error) {
    context.logger.warn({ err: error }, 'the log does not say how far it is durable');
    return problem('UNAVAILABLE', 'the log does not say how far it is durable; try again shortly');
  }
}

function isBehind({ queries }: ServerContext, heads: Heads, shard: number): Problem {
  const where = queries.shards.length > 1 ? ` of shard ${shard}` : '';
  const detail = `the projections have not yet reached log position ${heads.get(shard) ?? 0}${where}`;
  return problem('UNAVAILABLE', `${detail}; try again shortly`);
}

/** A read of one row. */
interface OneRow<Value, Row extends object> {
  readonly subject: Subject;
  readonly ask: (terms: Terms) => Promise<FoundIn<Value>>;
  /** What of it the caller is shown, or why nothing. */
  readonly show: (value: Value) => Row | Problem | Promise<Row | Problem>;
}

/** Sends one row, or why not. */
export async function sendOne<Value, Row extends object>(
  context: ServerContext,
  reply: FastifyReply,
  { subject, ask, show }: OneRow<Value, Row>,
): Promise<FastifyReply> {
  const { key } = reply.request.caller;
  const found = await readFresh(context, key, context.queries.shardsOf(subject), ask);
  const row = 'code' in found ? found : await show(found.value);
  return 'code' in row ? refuse(context, reply, row) : reply.send(row); // no row has a code
}

/** Sends the text of a list, of the participant that the caller may ask for; undefined means of all. */
export async function sendList(
  context: ServerContext,
  request: FastifyRequest<{ Querystring: { participant?: string | undefined; instrument?: string | undefined } }>,
  reply: FastifyReply,
  ask: (participant: string | undefined, terms: Terms) => Promise<FoundIn<Uint8Array>>,
): Promise<FastifyReply> {
  const { participant: named, instrument } = request.query;
  const participant = actingFor(request.caller, named);
  if (typeof participant === 'object') return refuse(context, reply, participant);
  const shards = context.queries.shardsOf({ instrument });
  const found = await readFresh(context, request.caller.key, shards, (terms) => ask(participant, terms));
  if ('code' in found) return refuse(context, reply, found);
  return reply.type('application/json; charset=utf-8').send(found.value);
}

/** Where the rows of an answer stand: with one shard, its position; with several, that of each which was asked. */
export function asOf({ queries }: ServerContext, heads: Heads): object {
  const [only] = queries.shards.length === 1 ? heads.values() : [];
  return only === undefined ? { positionByShard: Object.fromEntries(heads) } : { position: only };
}
