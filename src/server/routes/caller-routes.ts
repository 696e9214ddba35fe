import type { FastifyInstance } from 'fastify';
import { callerSchema } from '../../api/schemas/timeline-schemas.js';
import type { ServerContext } from '../context.js';
import { describe, type Operation } from './operation.js';

/** Who asks. */
export function callerRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get('/v1/caller', describe(context, operation), ({ caller: { role, participant } }) => ({
    ...{ role, participant },
    keys: context.keys.secured,
  }));
}

const operation: Operation = {
  operationId: 'getCaller',
  summary: 'Who the key says that you are',
  description:
    'For a program that shows what its key may do. Any key will do; where the exchange has none, everybody is an operator.',
  tag: 'operation',
  access: 'market',
  schema: { response: { 200: callerSchema } },
};
