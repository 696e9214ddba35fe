import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer, IntentionChanged } from '../../exchange/commands.js';
import type { ExchangePort } from '../../exchange/port.js';
import { maySee } from '../../api/access.js';
import type { Caller } from '../doors/access.js';
import { sendAnswer } from './answer.js';
import type { ServerContext } from '../context.js';
import { describe, type Operation, problemsOfShards } from './operation.js';
import { type Problem, problem } from '../../api/problem.js';
import { ProblemError } from '../problem-details.js';
import type { IntentionsQuery } from '../../../projections/store/queries/query-terms.js';
import type { IntentionView } from '../../../projections/store/queries/views.js';
import { sendList, sendOne } from '../reads/reading.js';
import { intentionParams, intentionsQuery } from '../../api/query-schemas.js';
import { changeIntentionSchema, listOf } from '../../api/schemas.js';

interface ById {
  Params: { id: string };
}
interface Change extends ById {
  Body: { reduceBy?: string; price?: string; quantity?: string };
}
interface Listing {
  Querystring: Omit<IntentionsQuery, 'limit'> & { clientIntentionId?: string; limit: number };
}

/** Looking at, changing and withdrawing what was posted. */
export function intentionRoutes(app: FastifyInstance, context: ServerContext): void {
  const { exchange } = context;
  app.get<Listing>('/v1/intentions', describe(context, listOperation), (request, reply) =>
    sendList(context, request, reply, (participant) => {
      const { clientIntentionId, ...query } = request.query;
      if (clientIntentionId === undefined) return { query: 'intentions', values: [{ ...query, participant }] };
      if (participant === undefined) throw new ProblemError('INVALID_COMMAND', NOBODY);
      return { query: 'intentionsByClientId', values: [participant, clientIntentionId] };
    }),
  );
  app.get<ById>('/v1/intentions/:id', describe(context, getOperation), ({ caller, params: { id } }, reply) =>
    sendOne(context, reply, {
      ...{ query: 'intention', values: [id], subject: { intention: id } },
      show: (intention) => showIntention(caller, id, intention),
    }),
  );
  app.patch<Change>('/v1/intentions/:id', describe(context, changeOperation), (request, reply) =>
    sendAnswer(context, reply, changeIntention(exchange, request)),
  );
  app.delete<ById>('/v1/intentions/:id', describe(context, withdrawOperation), ({ caller, params }, reply) =>
    sendAnswer(context, reply, exchange.withdraw({ id: params.id, participant: caller.participant })),
  );
}

const NOBODY = 'participant is missing: a client’s id is one participant’s, and an operator or auditor names whose';

function showIntention(caller: Caller, id: string, intention: IntentionView | undefined): IntentionView | Problem {
  if (intention === undefined) return problem('UNKNOWN_INTENTION', `there is no intention ${JSON.stringify(id)}`);
  return maySee(caller, intention.participant)
    ? intention
    : problem('NOT_YOURS', `intention ${id} belongs to another participant`);
}

async function changeIntention(
  exchange: ExchangePort,
  { caller, params, body }: FastifyRequest<Change>,
): Promise<Answer<IntentionChanged> | Problem> {
  const { id } = params;
  const { participant } = caller;
  const { reduceBy, price, quantity } = body;
  if (reduceBy !== undefined && price === undefined && quantity === undefined) {
    return exchange.reduce({ id, participant, by: reduceBy });
  }
  if (reduceBy === undefined && price !== undefined && quantity !== undefined) {
    return exchange.replace({ id, participant, price, quantity });
  }
  return problem('INVALID_COMMAND', 'give either reduceBy, or price and quantity');
}

const listOperation: Operation = {
  operationId: 'listIntentions',
  isRead: true,
  summary: 'Intentions, oldest first',
  description:
    'A participant sees its own, an operator or auditor those of all, or of the participant that it names. Holds all that was durable ' +
    'when the request came.',
  tag: 'intentions',
  access: 'affairs',
  problems: ['UNAVAILABLE'],
  schema: { querystring: intentionsQuery, response: { 200: listOf('intentions', 'Intention') } },
};

const getOperation: Operation = {
  operationId: 'getIntention',
  isRead: true,
  summary: 'An intention as it stands',
  tag: 'intentions',
  access: 'affairs',
  problems: ['UNKNOWN_INTENTION', 'NOT_YOURS', 'UNAVAILABLE'],
  schema: { params: intentionParams, response: { 200: { $ref: 'Intention#' } } },
};

const intentionChanged = { $ref: 'IntentionChanged#' };

const changeOperation: Operation = {
  operationId: 'changeIntention',
  summary: 'Reduce an intention, or replace its limit and quantity',
  tag: 'intentions',
  access: 'trading',
  problems: [
    ...(['INVALID_PRICE', 'INVALID_QUANTITY', 'INVALID_COMBINATION', 'PRICE_OFF_TICK', 'PRICE_OUT_OF_BAND'] as const),
    ...(['QUANTITY_OFF_LOT', 'QUANTITY_TOO_LARGE', 'UNKNOWN_INTENTION', 'INTENTION_CLOSED', 'NOT_YOURS'] as const),
    ...(['DEAL_UNDECIDED', 'NOT_LESS', 'WRONG_PHASE', 'POST_ONLY_WOULD_DEAL', 'SELF_TRADE'] as const),
    ...problemsOfShards,
  ],
  schema: { params: intentionParams, body: changeIntentionSchema, response: { 200: intentionChanged } },
};

const withdrawOperation: Operation = {
  operationId: 'withdrawIntention',
  summary: 'Withdraw what is left of an intention',
  tag: 'intentions',
  access: 'trading',
  problems: ['UNKNOWN_INTENTION', 'INTENTION_CLOSED', 'NOT_YOURS', ...problemsOfShards],
  schema: { params: intentionParams, response: { 200: intentionChanged } },
};
