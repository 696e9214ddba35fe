/** Reads from the projections that see all that was durable when they were asked for, the reader’s own writes among it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actingFor } from './access.js';
import { refuse } from './answer.js';
import type { ServerContext, ServerDeps } from './context.js';
import { type Problem, problem } from './problem.js';

const CATCH_UP_MS = 2_000;

/** Waits, within bounds, until the projections hold all that is durable now. */
export async function catchUp(deps: ServerDeps): Promise<Problem | undefined> {
  const durable = deps.exchange.shards()[0]?.durable ?? 0;
  if (deps.queries.caughtUpTo >= durable) return undefined;
  if (await deps.queries.waitFor(durable, deps.catchUpMs ?? CATCH_UP_MS)) return undefined;
  return problem('UNAVAILABLE', `the projections have not yet reached log position ${durable}; try again shortly`);
}

/** Sends one row, or why not. */
export async function sendOne<Row extends object>(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  read: () => Row | Problem | Promise<Row | Problem>,
): Promise<FastifyReply> {
  const row = (await catchUp(context)) ?? (await read());
  return 'code' in row ? refuse(context, request, reply, row) : reply.send(row); // no row has a code
}

type Rows = readonly object[] | Problem;

/** Sends rows under a name, of the participant that the caller may ask for; undefined means of all. */
export async function sendList(
  context: ServerContext,
  request: FastifyRequest<{ Querystring: { participant?: string | undefined } }>,
  reply: FastifyReply,
  name: string,
  read: (participant: string | undefined) => Rows | Promise<Rows>,
): Promise<FastifyReply> {
  const participant = actingFor(request.caller, request.query.participant);
  if (typeof participant === 'object') return refuse(context, request, reply, participant);
  const behind = await catchUp(context);
  if (behind !== undefined) return refuse(context, request, reply, behind);
  const position = context.queries.caughtUpTo;
  const rows = await read(participant);
  return 'code' in rows ? refuse(context, request, reply, rows) : reply.send({ [name]: rows, position });
}
