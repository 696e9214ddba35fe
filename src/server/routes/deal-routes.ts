import type { FastifyInstance } from 'fastify';
import { maySee } from '../../api/access.js';
import type { Caller } from '../doors/access.js';
import type { ServerContext } from '../context.js';
import { describe, type Operation } from './operation.js';
import { type Problem, problem } from '../../api/problem.js';
import type { DealsQuery } from '../../../projections/store/queries/query-terms.js';
import type { AbortedDealView } from '../../../projections/store/queries/views.js';
import type { DealView } from '../../../projections/tape/views.js';
import { partyOf, sendList, sendOne } from '../reads/reading.js';
import { dealParams, dealsQuery, positionsQuery } from '../../api/query-schemas.js';
import { listOf } from '../../api/schemas.js';

interface Listing {
  Querystring: Omit<DealsQuery, 'limit'> & { limit: number };
}
interface ById {
  Params: { id: string };
}
interface Holdings {
  Querystring: { participant?: string; after?: string; limit: number };
}

/** What came of it: deals and positions. */
export function dealRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get<Listing>('/v1/deals', describe(context, listOperation), (request, reply) =>
    sendList(context, request, reply, (participant) => ({
      query: 'deals',
      values: [{ ...request.query, participant }],
    })),
  );
  app.get<ById>('/v1/deals/:id', describe(context, getOperation), ({ caller, params: { id } }, reply) =>
    sendOne(context, reply, {
      ...{ query: 'deal', values: [id], subject: { deal: id } },
      show: (deal) => showDeal(context, caller, id, deal),
    }),
  );
  app.get<Holdings>('/v1/positions', describe(context, positionsOperation), (request, reply) =>
    sendList(context, request, reply, (participant) => {
      const { after, limit } = request.query;
      const from = after === undefined ? undefined : parsePlace(after);
      return { query: 'positions', values: [{ participant, after: from, limit }] };
    }),
  );
}

async function showDeal(
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

/** Names hold no slash. What is no place at all is a place that there is not. */
function parsePlace(text: string): { participant: string; instrument: string } {
  const [participant = '', instrument = ''] = text.split('/', 2);
  return { participant, instrument };
}

const listOperation: Operation = {
  operationId: 'listDeals',
  isRead: true,
  summary: 'Deals, in the order in which they were decided',
  description:
    'A participant sees those it is a party to, an operator or auditor all. Holds all that was durable when the request came. With several ' +
    'shards, the latest deals come in the order of time, and the pages after a position shard after shard.',
  tag: 'deals',
  access: 'affairs',
  problems: ['UNAVAILABLE'],
  schema: { querystring: dealsQuery, response: { 200: listOf('deals', 'Deal') } },
};

const getOperation: Operation = {
  operationId: 'getDeal',
  isRead: true,
  summary: 'A deal, or what a handshake that was aborted came to',
  tag: 'deals',
  access: 'affairs',
  problems: ['UNKNOWN_DEAL', 'NOT_YOURS', 'UNAVAILABLE'],
  schema: {
    params: dealParams,
    response: { 200: { anyOf: [{ $ref: 'Deal#' }, { $ref: 'AbortedDeal#' }] } },
  },
};

const positionsOperation: Operation = {
  operationId: 'listPositions',
  isRead: true,
  summary: 'What each participant holds of each instrument through its deals',
  description: 'A participant sees its own, an operator or auditor all.',
  tag: 'deals',
  access: 'affairs',
  problems: ['UNAVAILABLE'],
  schema: { querystring: positionsQuery, response: { 200: listOf('positions', 'Position') } },
};
