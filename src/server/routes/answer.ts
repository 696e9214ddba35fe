import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../../exchange/commands.js';
import type { ServerContext } from '../context.js';
import type { Problem } from '../../api/problem.js';
import { problemJson, problemMediaType, statusOf } from '../problem-details.js';

/** Of a refusal that may be tried again, unless something better is known. */
export const RETRY_AFTER_SECONDS = 1;

/** Sends a problem, and counts it. */
export function refuse({ metrics }: Pick<ServerContext, 'metrics'>, reply: FastifyReply, what: Problem): FastifyReply {
  const status = statusOf[what.code];
  metrics.refused(what.code);
  if ((status === 503 || status === 429) && !reply.hasHeader('retry-after'))
    reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(status)
    .type(problemMediaType)
    .send(problemJson(what, pathOf(reply.request)));
}

/** Sends what the exchange answers: the value, by the route’s schema, or why not. */
export async function sendAnswer(
  context: ServerContext,
  reply: FastifyReply,
  asked: Answer<object> | Problem | Promise<Answer<object> | Problem>,
): Promise<FastifyReply> {
  const answer = await asked;
  return answer.ok ? reply.send(answer) : refuse(context, reply, answer);
}

export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}
