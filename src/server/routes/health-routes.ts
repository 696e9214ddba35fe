import type { FastifyInstance } from 'fastify';
import { refuse } from './answer.js';
import type { ServerContext } from '../context.js';
import { record } from '../../api/schemas/fields.js';
import { describe, type Operation } from './operation.js';
import { problem } from '../../api/problem.js';

/** For those who run it: is it alive, does it serve, what does it do, how is it spoken to. */
export function healthRoutes(app: FastifyInstance, context: ServerContext, document: () => object): void {
  const { metrics, whyNotReady } = context;
  app.get('/health/live', describe(context, liveOperation), () => ({ status: 'live' }));
  app.get('/health/ready', describe(context, readyOperation), async (request, reply) => {
    const detail = await whyNotReady();
    if (detail === undefined) return reply.send({ status: 'serving' });
    return refuse(context, reply, problem('UNAVAILABLE', detail));
  });
  app.get('/metrics', describe(context, metricsOperation), async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  let text: string | undefined;
  app.get('/openapi.json', describe(context, documentOperation), (_request, reply) => {
    text ??= JSON.stringify(document());
    return reply.type('application/json; charset=utf-8').send(text);
  });
}

const stateSchema = { response: { 200: record({ status: { type: 'string' } }, ['status']) } };

const liveOperation: Operation = {
  operationId: 'isLive',
  summary: 'The process answers',
  tag: 'operation',
  access: 'open',
  schema: stateSchema,
};

const readyOperation: Operation = {
  operationId: 'isReady',
  summary: 'It takes commands, and reads keep up with the log, but for --max-lag events',
  description:
    'In a cluster: it hears the others, and every shard of its own takes commands. 503 with the reason while it does not, and from the moment the server begins to stop.',
  tag: 'operation',
  access: 'open',
  problems: ['UNAVAILABLE'],
  schema: stateSchema,
};

const metricsOperation: Operation = {
  operationId: 'getMetrics',
  summary: 'Metrics for Prometheus',
  description:
    'Where there are keys it takes an operator’s or auditor’s, from wherever it is asked: a proxy on the same machine would make loopback mean everybody.',
  tag: 'operation',
  access: 'oversight',
  schema: { response: { 200: { content: { 'text/plain': { schema: { type: 'string' } } } } } },
};

const documentOperation: Operation = {
  operationId: 'getOpenApi',
  summary: 'This document',
  tag: 'operation',
  access: 'open',
  schema: { response: { 200: { type: 'object', additionalProperties: true } } },
};
