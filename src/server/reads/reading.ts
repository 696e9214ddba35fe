/** Answers to reads of the projections, as the routes send them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerOf } from '../../../projections/store/desk/protocol.js';
import type { ListName, OneName } from '../../../projections/store/desk/sharded-queries.js';
import type { Heads } from '../../../projections/store/queries/found.js';
import type { Asking, NotNow } from '../../../projections/store/reading/reads.js';
import type { Subject } from '../../../projections/store/reading/shard-stores.js';
import { actingFor } from '../../api/access.js';
import { type Problem, problem } from '../../api/problem.js';
import type { ServerContext } from '../context.js';
import type { KeyInUse } from '../doors/access.js';
import { refuse } from '../routes/answer.js';

export function unavailable({ why }: NotNow): Problem {
  return problem('UNAVAILABLE', why);
}

/** Whose intention that is; nobody's where there is none. */
export async function partyOf(
  { reads, stores }: ServerContext,
  share: KeyInUse,
  intention: string,
): Promise<{ readonly participant: string | undefined } | Problem> {
  const shards = stores.shardsOf({ intention });
  const found = await reads.read({ query: 'intention', values: [intention], shards, share });
  return found.ok ? { participant: found.value?.participant } : unavailable(found);
}

/** A read of one row. */
interface OneRow<Name extends OneName, Row extends object> extends Asking<Name> {
  readonly subject: Subject;
  /** What of it the caller is shown, or why nothing. */
  readonly show: (value: AnswerOf<Name>) => Row | Problem | Promise<Row | Problem>;
}

/** Sends one row, or why not. */
export async function sendOne<Name extends OneName, Row extends object>(
  context: ServerContext,
  reply: FastifyReply,
  { query, values, subject, show }: OneRow<Name, Row>,
): Promise<FastifyReply> {
  const { key } = reply.request.caller;
  const found = await context.reads.read({ query, values, shards: context.stores.shardsOf(subject), share: key });
  const row = found.ok ? await show(found.value) : unavailable(found);
  return 'code' in row ? refuse(context, reply, row) : reply.send(row); // no row has a code
}

/** What a list is made from. */
type ListAsking = { [Name in ListName]: Asking<Name> }[ListName];

/** Sends the text of a list, of the participant that the caller may ask for; undefined means of all. */
export async function sendList(
  context: ServerContext,
  request: FastifyRequest<{ Querystring: { participant?: string | undefined; instrument?: string | undefined } }>,
  reply: FastifyReply,
  asking: (participant: string | undefined) => ListAsking,
): Promise<FastifyReply> {
  const { participant: named, instrument } = request.query;
  const participant = actingFor(request.caller, named);
  if (typeof participant === 'object') return refuse(context, reply, participant);
  const shards = context.stores.shardsOf({ instrument });
  const found = await context.reads.read<ListName>({ ...asking(participant), shards, share: request.caller.key });
  if (!found.ok) return refuse(context, reply, unavailable(found));
  return reply.type('application/json; charset=utf-8').send(found.value);
}

/** Where the rows of an answer stand: with one shard, its position; with several, that of each which was asked. */
export function asOf({ stores }: ServerContext, heads: Heads): object {
  const [only] = stores.shards.length === 1 ? heads.values() : [];
  return only === undefined ? { positionByShard: Object.fromEntries(heads) } : { position: only };
}
