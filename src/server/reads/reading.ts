/** Answers to reads of the projections, as the routes send them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerOf } from '../../../projections/store/desk/protocol.js';
import type { ListName, OneName, WholeName } from '../../../projections/store/desk/sharded-queries.js';
import type { Heads } from '../../../projections/store/queries/found.js';
import type { Asking, NotNow } from '../../../projections/store/reading/reads.js';
import type { Subject } from '../../../projections/store/reading/shard-stores.js';
import type { AbortedDealView } from '../../../projections/store/queries/views.js';
import { shownTo } from '../../../projections/tape/hidden.js';
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

/** Whose intention that is, and in which instrument; nobody's where there is none. */
export async function partyOf(
  { reads, stores }: ServerContext,
  share: KeyInUse,
  intention: string,
): Promise<{ readonly participant: string | undefined; readonly instrument: string | undefined } | Problem> {
  const shards = stores.shardsOf({ intention });
  const found = await reads.read({ query: 'intention', values: [intention], shards, share });
  if (!found.ok) return unavailable(found);
  return { participant: found.value?.participant, instrument: found.value?.instrument };
}

/** Whether the parties of deals in an instrument are not told of each other. */
export async function hidesCounterparties(
  { reads, stores }: ServerContext,
  share: KeyInUse,
  instrument: string | undefined,
): Promise<boolean | Problem> {
  if (instrument === undefined) return false;
  const shards = stores.shardsOf({ instrument });
  const found = await reads.read({ query: 'instrument', values: [instrument], shards, share });
  return found.ok ? found.value?.counterparties === 'hidden' : unavailable(found);
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
  const others = problem('NOT_YOURS', `deal ${id} is between others`);
  if (deal.outcome === 'aborted') return (await showAborted(context, caller, deal)) ?? others;
  if (!maySee(caller, deal.buyer) && !maySee(caller, deal.seller)) return others;
  const isHidden = await hidesCounterparties(context, caller.key, deal.instrument);
  if (typeof isHidden === 'object') return isHidden;
  return shownTo(caller.participant, isHidden, deal);
}

/** As one of its parties may see it; undefined for who is none. */
async function showAborted(
  context: ServerContext,
  caller: Caller,
  deal: AbortedDealView,
): Promise<AbortedDealView | Problem | undefined> {
  const { initiatorIntention = '', responderIntention = '', ...rest } = deal;
  // The responder may live in another shard than the deal, and its store may be behind this one.
  const initiator = await partyOf(context, caller.key, initiatorIntention);
  if ('code' in initiator) return initiator;
  const responder = await partyOf(context, caller.key, responderIntention);
  if ('code' in responder) return responder;
  const [initiates, responds] = [maySee(caller, initiator.participant), maySee(caller, responder.participant)];
  if (!initiates && !responds) return undefined;
  const isHidden = await hidesCounterparties(context, caller.key, initiator.instrument ?? responder.instrument);
  if (typeof isHidden === 'object') return isHidden;
  if (!isHidden) return deal;
  return { ...rest, ...(initiates ? { initiatorIntention } : {}), ...(responds ? { responderIntention } : {}) };
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
