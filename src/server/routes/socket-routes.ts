import type { FastifyInstance } from 'fastify';
import { problem } from '../../api/problem.js';
import type { ServerContext } from '../context.js';
import { SOCKET_PATH } from '../limits/http-server.js';
import { asyncApiDocument } from '../sockets/asyncapi.js';
import { refuse } from './answer.js';
import { describe, type Operation } from './operation.js';

/** Where WebSockets are opened: a request for one never comes here, but to the door that takes upgrades. */
export function socketRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get(SOCKET_PATH, describe(context, operation), (_request, reply) => {
    reply.header('upgrade', 'websocket').header('connection', 'Upgrade');
    return refuse(context, reply, problem('UPGRADE_REQUIRED', 'here are WebSockets alone'));
  });
  let text: string | undefined;
  app.get('/asyncapi.json', describe(context, documentOperation), (_request, reply) => {
    text ??= JSON.stringify(asyncApiDocument());
    return reply.type('application/json; charset=utf-8').send(text);
  });
}

const operation: Operation = {
  operationId: 'openSocket',
  summary: 'Commands and streams over a WebSocket',
  description:
    'Commands as they are posted, matched to their answers by an id, many under way at a time, and subscriptions to streams. `/asyncapi.json` ' +
    'describes the messages. A program that cannot send Authorization with its request shows its key in its first message, within ten seconds.',
  tag: 'events',
  access: 'market',
  problems: ['UPGRADE_REQUIRED'],
  schema: { response: { 101: { content: {} } } },
};

const documentOperation: Operation = {
  operationId: 'getAsyncApi',
  summary: 'What is said on a WebSocket, as an AsyncAPI 3 document',
  tag: 'operation',
  access: 'open',
  schema: { response: { 200: { type: 'object', additionalProperties: true } } },
};
