/** Reads from the projections that see all that was durable when they were asked for, the reader’s own writes among it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actingFor } from './access.js';
import { refuse } from './answer.js';
import type { ServerContext } from './context.js';
import { within } from './deadline.js';
import { type Problem, problem } from './problem.js';
import type { FoundIn, Heads, Subject } from './queries.js';

/** How long a read waits, unless the server is told otherwise. */
export const CATCH_UP_MS = 2_000;

/** Waits, within bounds, until the projections of these shards hold all that is durable now, and gives how much that is. */
export async function catchUp(context: ServerContext, shards: readonly number[]): Promise<Heads | Problem> {
  const { queries, catchUpMs = CATCH_UP_MS } = context;
  const startMs = performance.now();
  const heads = await headsOf(context, shards);
  if ('code' in heads) return heads;
  const leftMs = Math.max(0, catchUpMs - (performance.now() - startMs));
  const behind = await queries.waitFor(heads, leftMs);
  return behind === undefined ? heads : isBehind(context, heads, behind);
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

/** Sends one row, or why not. */
export async function sendOne<Row extends object>(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  subject: Subject,
  read: () => Row | Problem | Promise<Row | Problem>,
): Promise<FastifyReply> {
  const wanted = await catchUp(context, context.queries.shardsOf(subject));
  const row = 'code' in wanted ? wanted : await read();
  return 'code' in row ? refuse(context, request, reply, row) : reply.send(row); // no row has a code
}

type Rows = FoundIn<readonly object[]> | Problem;

/** Sends rows under a name, of the participant that the caller may ask for; undefined means of all. */
export async function sendList(
  context: ServerContext,
  request: FastifyRequest<{ Querystring: { participant?: string | undefined; instrument?: string | undefined } }>,
  reply: FastifyReply,
  name: string,
  read: (participant: string | undefined) => Rows | Promise<Rows>,
): Promise<FastifyReply> {
  const { queries } = context;
  const { participant: named, instrument } = request.query;
  const participant = actingFor(request.caller, named);
  if (typeof participant === 'object') return refuse(context, request, reply, participant);
  const wanted = await catchUp(context, queries.shardsOf({ instrument }));
  if ('code' in wanted) return refuse(context, request, reply, wanted);
  const rows = await read(participant);
  if ('code' in rows) return refuse(context, request, reply, rows);
  const { value, heads } = rows;
  // A store that is built anew in between goes back.
  const late = [...heads].find(([shard, position]) => position < (wanted.get(shard) ?? 0));
  if (late !== undefined) return refuse(context, request, reply, isBehind(context, wanted, late[0]));
  return reply.send({ [name]: value, ...asOf(context, heads) });
}

/** Where the rows of an answer stand: with one shard, its position; with several, that of each which was asked. */
export function asOf({ queries }: ServerContext, heads: Heads): object {
  const [only] = queries.shards.length === 1 ? heads.values() : [];
  return only === undefined ? { positionByShard: Object.fromEntries(heads) } : { position: only };
}
