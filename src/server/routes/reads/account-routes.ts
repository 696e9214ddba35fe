import type { FastifyInstance } from 'fastify';
import { shardAndPosition } from '../../../../projections/store/places.js';
import type { Heads } from '../../../../projections/store/queries/found.js';
import { actingFor } from '../../../api/access.js';
import { accountQuery, accountSchema, doubtsSchema } from '../../../api/schemas/own-schemas.js';
import { type Problem, problem } from '../../../api/problem.js';
import { momentQuery } from '../../../api/schemas/query-schemas.js';
import type { ServerContext } from '../../context.js';
import { sendList, sendWhole } from '../../reads/reading.js';
import { refuse } from '../answer.js';
import { describe, type Operation, problemsOfMoments } from '../operation.js';

interface Account {
  Querystring: { participant?: string; after?: string; shard?: number };
}

/** A participant’s affairs as one, and the promises that wait for their decision. */
export function accountRoutes(app: FastifyInstance, context: ServerContext): void {
  const { stores } = context;
  app.get<Account>('/v1/account', describe(context, accountOperation), ({ caller, query }, reply) => {
    const participant = actingFor(caller, query.participant) ?? problem('INVALID_COMMAND', NOBODY);
    if (typeof participant === 'object') return refuse(context, reply, participant);
    const { shard } = query;
    if (shard !== undefined && !stores.shards.includes(shard)) {
      return refuse(context, reply, problem('UNKNOWN_SHARD', `there is no shard ${shard}`));
    }
    const shards = shard === undefined ? stores.shards : [shard];
    const after = afterIn(shards, query.after);
    if ('code' in after) return refuse(context, reply, after);
    return sendWhole(context, reply, {
      query: 'account',
      values: [{ participant, viewer: caller.participant, after }],
      shards,
    });
  });
  app.get<{ Querystring: { participant?: string } }>(
    '/v1/doubts',
    describe(context, doubtsOperation),
    (request, reply) => sendList(context, request, reply, () => ({ query: 'doubts', values: [context.clock()] })),
  );
}

const NOBODY = 'participant is missing: an account is one participant’s, and an operator or auditor names whose';

/** `1200` of one shard; of several `0/1200,1/7`, where what is said of other shards means nothing here. A place does for a position. */
function afterIn(shards: readonly number[], text: string | undefined): Heads | Problem {
  if (text === undefined) return new Map();
  if (text.includes('/')) {
    return new Map(text.split(',').map(shardAndPosition));
  }
  const [only] = shards;
  if (only !== undefined && shards.length === 1) return new Map([[only, Number(text)]]);
  return problem(
    'INVALID_COMMAND',
    'after: there are several shards, so it takes SHARD/POSITION,SHARD/POSITION, or `shard`',
  );
}

const accountOperation: Operation = {
  operationId: 'getAccount',
  isRead: true,
  rows: 4_000,
  summary: 'A participant’s open intentions, its positions and its deals since, all at one position',
  description:
    'What a program compares itself with when it begins, and after it was away. All of it is as of the position that comes with it; with ' +
    'several shards, what is of one shard is as of that shard’s. A participant sees its own, an operator or auditor names whose.',
  tag: 'intentions',
  access: 'affairs',
  problems: ['UNKNOWN_SHARD', ...problemsOfMoments],
  schema: { querystring: accountQuery, response: { 200: accountSchema } },
};

const doubtsOperation: Operation = {
  operationId: 'listDoubts',
  isRead: true,
  rows: 1_000,
  summary: 'Promises that wait for their decision, and who has the next word',
  description:
    'A handshake is over within the command that began it, so there is hardly ever one: between two shards, and after a crash amid a ' +
    'handshake until it has been resumed. 1,000 at most, the oldest of each shard first.',
  tag: 'deals',
  access: 'oversight',
  problems: problemsOfMoments,
  schema: { querystring: momentQuery, response: { 200: doubtsSchema } },
};
