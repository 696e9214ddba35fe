import type { FastifyInstance } from 'fastify';
import { participantAndInstrument } from '../../../../projections/store/places.js';
import type { ServerContext } from '../../context.js';
import { describe, type Operation, problemsOfMoments } from '../operation.js';
import type { DealsQuery } from '../../../../projections/store/queries/query-terms.js';
import type { MomentQuery } from '../../reads/moment.js';
import { sendList, sendOne, showDeal } from '../../reads/reading.js';
import { dealParams, dealsQuery, momentQuery, positionsQuery } from '../../../api/schemas/query-schemas.js';
import { dealsSchema, positionsSchema } from '../../../api/schemas/named-schemas.js';

interface Listing {
  Querystring: Omit<DealsQuery, 'limit' | 'at'> & { limit: number } & MomentQuery;
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
    sendList(context, request, reply, (participant) => {
      const { at: _at, atTime: _atTime, ...query } = request.query;
      return { query: 'deals', values: [{ ...query, participant, viewer: request.caller.participant }] };
    }),
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
      const from = after === undefined ? undefined : participantAndInstrument(after);
      return { query: 'positions', values: [{ participant, after: from, limit }] };
    }),
  );
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
  problems: problemsOfMoments,
  schema: { querystring: dealsQuery, response: { 200: dealsSchema } },
};

const getOperation: Operation = {
  operationId: 'getDeal',
  isRead: true,
  summary: 'A deal, or what a handshake that was aborted came to',
  tag: 'deals',
  access: 'affairs',
  problems: ['UNKNOWN_DEAL', 'NOT_YOURS', ...problemsOfMoments],
  schema: {
    params: dealParams,
    querystring: momentQuery,
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
  problems: problemsOfMoments,
  schema: { querystring: positionsQuery, response: { 200: positionsSchema } },
};
