/** Posting, one intention or a stream of them: the hot route, so it has no hooks and no serialiser but its own. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PostIntention } from '../../../exchange/commands.js';
import { refuse } from '../answer.js';
import type { ServerContext } from '../../context.js';
import { mayTakeItsTime } from '../../limits/http-server.js';
import { encodingOf } from '../../encoding.js';
import { describe, type Operation, problemsOfLimits, problemsOfShards } from '../operation.js';
import { ackJson } from '../../posts/post-answer.js';
import { readPost } from '../../../api/post-body.js';
import { PostStream } from '../../posts/post-stream.js';
import { readChecked } from '../../signatures/checked-body.js';
import { answerStreamSchema, postIntentionSchema, postStreamSchema } from '../../../api/schemas/schemas.js';

const ndjson = 'application/x-ndjson';

export function postRoutes(app: FastifyInstance, context: ServerContext): void {
  app.addContentTypeParser(ndjson, (request, payload, done) => {
    const wrong = encodingOf(request);
    const { contentDigest: digest } = request;
    if (wrong !== undefined || digest === undefined) done(wrong ?? null, payload);
    else readChecked(payload, { digest, maxBytes: app.initialConfig.bodyLimit ?? 0 }, done);
  });
  app.post('/v1/intentions', describe(context, operation), (request, reply) => {
    if (request.body instanceof Readable) {
      streamPosts(context, request, reply, request.body);
      return;
    }
    const post = readPost(request.body, request.caller);
    if ('code' in post) void refuse(context, reply, post);
    else void postOne(context, reply, post);
  });
}

async function postOne(context: ServerContext, reply: FastifyReply, post: PostIntention): Promise<void> {
  const { exchange, metrics } = context;
  const startMs = performance.now();
  try {
    const answer = await exchange.post(post);
    if (answer.ok) {
      reply.code(201).header('content-type', 'application/json; charset=utf-8');
      reply.header('location', `/v1/intentions/${answer.id}`).send(ackJson(answer));
      metrics.observePostSeconds(secondsSince(startMs));
    } else {
      refuse(context, reply, answer);
      metrics.observe('POST', '/v1/intentions', reply.statusCode, secondsSince(startMs));
    }
  } catch (error) {
    reply.send(error);
  }
}

function secondsSince(startMs: number): number {
  return (performance.now() - startMs) / 1_000;
}

function streamPosts(context: ServerContext, request: FastifyRequest, reply: FastifyReply, input: Readable): void {
  const { exchange, reads, stores, metrics, lifecycle, logger, turns, rates, backlog } = context;
  reply.hijack();
  const output = reply.raw;
  mayTakeItsTime(output);
  output.writeHead(200, { 'content-type': ndjson });
  // The sender may want to see that it is welcome before it sends its first line.
  output.flushHeaders();
  new PostStream({
    ...{ exchange, reads, stores, caller: request.caller, turns, rates, budget: context.streamBudget, backlog },
    ...{ input, output },
    cutting: lifecycle.cutting,
    onRefused: (code) => metrics.refused(code),
    onFailure: (error) => logger.error({ err: error }, 'a stream of posts failed'),
  }).start();
}

const operation: Operation = {
  operationId: 'postIntention',
  summary: 'Post an intention, or a stream of commands',
  description:
    'The answer means durable. Posted again with the same clientIntentionId and content it is the same intention and the same ' +
    'answer, permanently. As application/x-ndjson: read the answers while you send, for the server stops reading while they pile up; a ' +
    'connection that is silent for two minutes is closed.',
  tag: 'intentions',
  access: 'trading',
  problems: [
    ...(['INVALID_CLIENT_ID', 'INVALID_PARTICIPANT', 'INVALID_SYMBOL', 'INVALID_PRICE', 'INVALID_QUANTITY'] as const),
    ...(['INVALID_EXPIRY', 'INVALID_COMBINATION', 'PRICE_OFF_TICK', 'PRICE_OUT_OF_BAND', 'QUANTITY_OFF_LOT'] as const),
    ...(['QUANTITY_TOO_LARGE', 'UNKNOWN_INSTRUMENT', 'CLIENT_ID_REUSED', 'WRONG_PHASE', 'TOO_LATE'] as const),
    ...(['POST_ONLY_WOULD_DEAL', 'SELF_TRADE', ...problemsOfLimits, 'LIMIT_RATE', ...problemsOfShards] as const),
  ],
  handlerChecksBody: { 'application/json': postIntentionSchema, [ndjson]: postStreamSchema },
  schema: {
    response: {
      200: { content: { [ndjson]: { schema: answerStreamSchema } } },
      201: { $ref: 'IntentionAcknowledged#' },
    },
  },
};
