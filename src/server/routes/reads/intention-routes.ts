import type { FastifyInstance } from 'fastify';
import { maySee } from '../../../api/access.js';
import { NOBODY } from '../../../api/command-body.js';
import type { Caller } from '../../doors/access.js';
import type { ServerContext } from '../../context.js';
import { describe, type Operation, problemsOfMoments } from '../operation.js';
import { type Problem, problem } from '../../../api/problem.js';
import { ProblemError } from '../../problem-details.js';
import type { IntentionsQuery } from '../../../../projections/store/queries/query-terms.js';
import type { IntentionView } from '../../../../projections/store/queries/views.js';
import type { MomentQuery } from '../../reads/moment.js';
import { sendList, sendOne } from '../../reads/reading.js';
import { intentionParams, intentionsQuery, momentQuery } from '../../../api/schemas/query-schemas.js';
import { intentionsSchema } from '../../../api/schemas/named-schemas.js';

interface ById {
  Params: { id: string };
}
interface Listing {
  Querystring: Omit<IntentionsQuery, 'limit'> & { clientIntentionId?: string; limit: number } & MomentQuery;
}

/** Looking at what was posted. */
export function intentionRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get<Listing>('/v1/intentions', describe(context, listOperation), (request, reply) =>
    sendList(context, request, reply, (participant) => {
      const { clientIntentionId, at: _at, atTime: _atTime, ...query } = request.query;
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
}

function showIntention(caller: Caller, id: string, intention: IntentionView | undefined): IntentionView | Problem {
  if (intention === undefined) return problem('UNKNOWN_INTENTION', `there is no intention ${JSON.stringify(id)}`);
  return maySee(caller, intention.participant)
    ? intention
    : problem('NOT_YOURS', `intention ${id} belongs to another participant`);
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
  problems: problemsOfMoments,
  schema: { querystring: intentionsQuery, response: { 200: intentionsSchema } },
};

const getOperation: Operation = {
  operationId: 'getIntention',
  isRead: true,
  summary: 'An intention as it stands',
  tag: 'intentions',
  access: 'affairs',
  problems: ['UNKNOWN_INTENTION', 'NOT_YOURS', ...problemsOfMoments],
  schema: { params: intentionParams, querystring: momentQuery, response: { 200: { $ref: 'Intention#' } } },
};
