/** Answers to reads of the projections, as the routes send them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerOf } from '../../../projections/store/desk/protocol.js';
import type { ListName, OneName, WholeName } from '../../../projections/store/desk/sharded-queries.js';
import type { Heads } from '../../../projections/store/queries/found.js';
import type { Asking, NotNow } from '../../../projections/store/reading/reads.js';
import type { Subject } from '../../../projections/store/reading/shard-stores.js';
import type { AbortedDealView } from '../../../projections/store/queries/views.js';
import type { DealView } from '../../../projections/tape/views.js';
import { actingFor, maySee } from '../../api/access.js';
import { type Problem, problem } from '../../api/problem.js';
import type { ServerContext } from '../context.js';
import { pointIn } from './moment.js';
import type { Caller, KeyInUse } from '../doors/access.js';
import { refuse } from '../routes/answer.js';

const JSON_TYPE = 'application/json; charset=utf-8';

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

/** A deal, if it is there and the caller is a party to it or sees all. */
export async function showDeal(
  context: ServerContext,
  caller: Caller,
  id: string,
  deal: DealView | AbortedDealView | undefined,
): Promise<DealView | AbortedDealView | Problem> {
  if (deal === undefined) return problem('UNKNOWN_DEAL', `there is no deal ${JSON.stringify(id)}`);
  if (caller.seesAll) return deal;
  const parties = await partiesOf(context, caller, deal);
  if ('code' in parties) return parties;
  if (parties.some((party) => maySee(caller, party))) return deal;
  return problem('NOT_YOURS', `deal ${id} is between others`);
}

async function partiesOf(
  context: ServerContext,
  { key }: Caller,
  deal: DealView | AbortedDealView,
): Promise<(string | undefined)[] | Problem> {
  if (deal.outcome === 'confirmed') return [deal.buyer, deal.seller];
  const parties: (string | undefined)[] = [];
  // The responder may live in another shard than the deal, and its store may be behind this one.
  for (const intention of [deal.initiatorIntention, deal.responderIntention]) {
    const party = await partyOf(context, key, intention);
    if ('code' in party) return party;
    parties.push(party.participant);
  }
  return parties;
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
  const { caller, query: terms } = reply.request;
  const shards = context.stores.shardsOf(subject);
  const point = pointIn(terms, shards);
  const found = await context.reads.read({ query, values, shards, share: caller.key, point });
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
  const point = pointIn(request.query, shards);
  const found = await context.reads.read<ListName>({
    ...asking(participant),
    shards,
    share: request.caller.key,
    point,
  });
  if (!found.ok) return refuse(context, reply, unavailable(found));
  return reply.type(JSON_TYPE).send(found.value);
}

/** A read whose answer is made where the rows are, if there is any. */
type Whole = { [Name in WholeName]: Asking<Name> }[WholeName] & {
  readonly shards: readonly number[];
  /** Where there is none. */
  readonly absent?: Problem | undefined;
};

/** Sends the text of a whole answer, or why not. */
export async function sendWhole(
  context: ServerContext,
  reply: FastifyReply,
  { absent = problem('NOT_FOUND', 'there is no such thing'), ...asking }: Whole,
): Promise<FastifyReply> {
  const { caller, query } = reply.request;
  const point = pointIn(query, asking.shards);
  const found = await context.reads.read<WholeName>({ ...asking, share: caller.key, point });
  if (!found.ok) return refuse(context, reply, unavailable(found));
  if (found.value === undefined) return refuse(context, reply, absent);
  return reply.type(JSON_TYPE).send(found.value);
}

/** Where the rows of an answer stand: with one shard, its position; with several, that of each which was asked. */
export function asOf({ stores }: Pick<ServerContext, 'stores'>, heads: Heads): object {
  const [only] = stores.shards.length === 1 ? heads.values() : [];
  return only === undefined ? { positionByShard: Object.fromEntries(heads) } : { position: only };
}
