/** Changing and withdrawing what was posted, one or many. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actingFor } from '../../../api/access.js';
import { type ChangeCommand, type Command, NOBODY, withdrawAllOf } from '../../../api/command-body.js';
import { type Problem, problem } from '../../../api/problem.js';
import {
  changeByClientIdQuery,
  clientIdParams,
  intentionParams,
  withdrawAllQuery,
  withdrawByClientIdQuery,
  withdrawQuery,
} from '../../../api/schemas/query-schemas.js';
import { changeIntentionSchema } from '../../../api/schemas/schemas.js';
import type { WithdrawIntention } from '../../../exchange/commands.js';
import { carryOut } from '../../commands/carry-out.js';
import type { ServerContext } from '../../context.js';
import { sendAnswer } from '../answer.js';
import { describe, type Operation, problemsOfLimits, problemsOfShards } from '../operation.js';

interface Changed {
  readonly reduceBy?: string;
  readonly price?: string;
  readonly quantity?: string;
  readonly clientCommandId?: string;
  readonly validUntil?: string;
}
interface ById {
  Params: { id: string };
}
interface Withdrawal extends ById {
  Querystring: { validUntil?: string };
}
interface Change extends ById {
  Body: Changed;
}
interface ByClientId {
  Params: { clientIntentionId: string };
  Querystring: { participant?: string; instrument?: string; validUntil?: string };
}
interface ChangeByClientId extends ByClientId {
  Body: Changed;
}
interface Many {
  Querystring: {
    instrument?: string;
    side?: 'buy' | 'sell';
    participant?: string;
    all?: 'true' | 'false';
    validUntil?: string;
  };
}

export function changeRoutes(app: FastifyInstance, context: ServerContext): void {
  const send = (request: FastifyRequest, reply: FastifyReply, command: Command | Problem): Promise<FastifyReply> =>
    sendAnswer(context, reply, 'code' in command ? command : carryOut(context, request.caller.key, command));
  app.patch<Change>('/v1/intentions/:id', describe(context, changeOperation), (request, reply) => {
    const { caller, params, body } = request;
    return send(request, reply, changeOf({ id: params.id, participant: caller.participant }, body));
  });
  app.delete<Withdrawal>('/v1/intentions/:id', describe(context, withdrawOperation), (request, reply) => {
    const { caller, params, query } = request;
    const command = { id: params.id, participant: caller.participant, validUntil: query.validUntil };
    return send(request, reply, { verb: 'withdraw', command });
  });
  const byClientId = '/v1/intentions/by-client-id/:clientIntentionId';
  app.patch<ChangeByClientId>(byClientId, describe(context, changeByClientIdOperation), (request, reply) => {
    const about = ofClient(request);
    return send(request, reply, 'code' in about ? about : changeOf(about, request.body));
  });
  app.delete<ByClientId>(byClientId, describe(context, withdrawByClientIdOperation), (request, reply) => {
    const about = ofClient(request);
    const { validUntil } = request.query;
    return send(request, reply, 'code' in about ? about : { verb: 'withdraw', command: { ...about, validUntil } });
  });
  app.delete<Many>('/v1/intentions', describe(context, withdrawAllOperation), (request, reply) => {
    const { all, ...query } = request.query;
    return send(request, reply, withdrawAllOf({ ...query, all: all === 'true' }, request.caller));
  });
}

/** Which intention, by its client's id. */
function ofClient({ caller, params, query }: FastifyRequest<ByClientId>): WithdrawIntention | Problem {
  const participant = actingFor(caller, query.participant);
  if (typeof participant === 'object') return participant;
  if (participant === undefined) return problem('INVALID_COMMAND', NOBODY);
  return { clientIntentionId: params.clientIntentionId, participant, instrument: query.instrument };
}

function changeOf(about: WithdrawIntention, { reduceBy, price, quantity, ...rest }: Changed): ChangeCommand | Problem {
  const isReplaced = price !== undefined || quantity !== undefined;
  if ((reduceBy !== undefined) === isReplaced) {
    return problem('INVALID_COMMAND', 'give either reduceBy, or price, quantity or both');
  }
  if (reduceBy !== undefined) return { verb: 'reduce', command: { ...about, ...rest, by: reduceBy } };
  return { verb: 'replace', command: { ...about, ...rest, price, quantity } };
}

const intentionChanged = { $ref: 'IntentionChanged#' };

const problemsOfWithdrawal = [
  'UNKNOWN_INTENTION',
  'NOT_YOURS',
  'TOO_LATE',
  'UNAVAILABLE',
  ...problemsOfShards,
] as const;

const problemsOfChange = [
  ...(['INVALID_CLIENT_ID', 'INVALID_PRICE', 'INVALID_QUANTITY', 'INVALID_COMBINATION', 'PRICE_OFF_TICK'] as const),
  ...(['PRICE_OUT_OF_BAND', 'QUANTITY_OFF_LOT', 'QUANTITY_TOO_LARGE', 'INTENTION_CLOSED', 'DEAL_UNDECIDED'] as const),
  ...([
    'NOT_LESS',
    'WRONG_PHASE',
    'POST_ONLY_WOULD_DEAL',
    'SELF_TRADE',
    ...problemsOfLimits,
    ...problemsOfWithdrawal,
  ] as const),
];

const ONCE =
  'With a clientCommandId it is done once, however often it is sent while the intention is open; sent again, it is answered as the ' +
  'intention stands then, with the position of the first.';

const changeOperation: Operation = {
  operationId: 'changeIntention',
  summary: 'Reduce an intention, or give it another limit or quantity',
  description: ONCE,
  tag: 'intentions',
  access: 'trading',
  problems: problemsOfChange,
  schema: { params: intentionParams, body: changeIntentionSchema, response: { 200: intentionChanged } },
};

const AGAIN = 'One that has closed before is answered with how it ended, so it may be sent again.';

const withdrawOperation: Operation = {
  operationId: 'withdrawIntention',
  summary: 'Withdraw what is left of an intention',
  description: AGAIN,
  tag: 'intentions',
  access: 'trading',
  problems: problemsOfWithdrawal,
  schema: { params: intentionParams, querystring: withdrawQuery, response: { 200: intentionChanged } },
};

const WHICH =
  'The intention is the one that was posted under the client’s id. Where there are several shards, name the instrument: it is looked up ' +
  'in the projections otherwise, and refused where several instruments have such a one.';

const changeByClientIdOperation: Operation = {
  ...changeOperation,
  operationId: 'changeIntentionByClientId',
  summary: 'The same, by the client’s own id',
  description: `${WHICH} ${ONCE}`,
  schema: {
    ...{ params: clientIdParams, querystring: changeByClientIdQuery, body: changeIntentionSchema },
    response: { 200: intentionChanged },
  },
};

const withdrawByClientIdOperation: Operation = {
  ...withdrawOperation,
  operationId: 'withdrawIntentionByClientId',
  summary: 'The same, by the client’s own id',
  description: `${WHICH} ${AGAIN}`,
  schema: { params: clientIdParams, querystring: withdrawByClientIdQuery, response: { 200: intentionChanged } },
};

const withdrawAllOperation: Operation = {
  operationId: 'withdrawIntentions',
  summary: 'Withdraw all open intentions, or those of an instrument or a side',
  description:
    'Give `instrument`, `side` or `all=true`. A participant’s own; an operator’s of all participants, unless it names one. Of a thousand at ' +
    'a time, and others deal in between; what is posted after it has begun stays. Where it breaks off, the same again is safe.',
  tag: 'intentions',
  access: 'trading',
  problems: ['UNKNOWN_INSTRUMENT', 'TOO_LATE', ...problemsOfShards],
  schema: { querystring: withdrawAllQuery, response: { 200: { $ref: 'IntentionsWithdrawn#' } } },
};
