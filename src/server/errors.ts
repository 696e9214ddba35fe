/** What Fastify and Node refuse on their own, as problems. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pathOf, refuse } from './routes/answer.js';
import type { ServerContext } from './context.js';
import { strangerAt } from './limits/connections.js';
import { REQUEST_COST_MS } from './limits/request-turns.js';
import type { Methods, Misdirected } from './routes/methods.js';
import { sendPage } from './page/page-routes.js';
import { type Problem, problem } from '../api/problem.js';
import { lastResponse, ProblemError, problemJson, problemMediaType, statusOf } from './problem-details.js';

type Counting = Pick<ServerContext, 'metrics' | 'logger' | 'turns' | 'page'>;

export function handleErrors(app: FastifyInstance, context: Counting, methods: Methods): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof ProblemError) reply.headers(error.headers);
    refuse(context, reply, explain(context, error, request));
  });
  // In a scope of its own, whose hook comes before any body is read: there is nobody who would want it.
  void app.register(async (scope) => {
    const answer = (request: FastifyRequest, reply: FastifyReply): void => misdirect(context, methods, request, reply);
    scope.addHook('onRequest', answer);
    scope.setNotFoundHandler(answer);
  });
}

function misdirect(context: Counting, methods: Methods, request: FastifyRequest, reply: FastifyReply): void {
  const { problem: what, allow } = methods.misdirected(pathOf(request));
  if (allow.length > 0) reply.header('allow', allow.join(', '));
  // No key is looked at for what there is not.
  context.turns.take(strangerAt(request.raw.socket), REQUEST_COST_MS, () => {
    if (context.page !== undefined && what.code === 'NOT_FOUND' && isForReading(request)) {
      void sendPage(request, reply.code(404), context.page.index, 'no-cache');
    } else {
      refuse(context, reply, what);
    }
  });
}

/** Whether it was typed into a browser, or followed there: the page says itself that there is nothing. */
function isForReading(request: FastifyRequest): boolean {
  const { method, headers } = request;
  return method === 'GET' && (headers.accept ?? '').includes('text/html') && !pathOf(request).startsWith('/v1');
}

/** What is said to who asked when something was thrown. */
export function explain(
  { logger }: Pick<Counting, 'logger'>,
  error: FastifyError,
  request: Pick<FastifyRequest, 'method' | 'url'>,
): Problem {
  if (error instanceof ProblemError) return error.problem;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('BODY_TOO_LARGE', 'a body is 64 KiB at most');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problem('UNSUPPORTED_MEDIA_TYPE', 'send application/json');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problem('MALFORMED_HTTP', 'the body is not as long as Content-Length says');
    case 'SHARD_UNAVAILABLE':
      return problem('SHARD_UNAVAILABLE', error.message);
    case 'LOG_UNREACHABLE':
    case 'LOG_REFUSED':
    case 'LOG_HELD':
    case 'LOG_LOST':
    case 'LOG_DAMAGED':
      logger.warn({ err: error }, 'the log cannot be read');
      return problem('UNAVAILABLE', 'the log cannot be read now; try again shortly');
    // The query store's own words.
    case 'INVALID_QUERY':
      return problem('INVALID_COMMAND', error.message);
    case 'POSITION_AHEAD':
      return problem('POSITION_AHEAD', error.message);
    case 'STORE_BEHIND':
    case 'STORE_BUSY':
    case 'STORE_GONE':
    case 'FOLLOWING_ENDED':
      logger.warn({ err: error }, 'the projections cannot answer');
      return problem('UNAVAILABLE', 'the projections cannot answer now; try again shortly');
    default:
      if (error.statusCode !== undefined && error.statusCode < 500) return problem('MALFORMED_HTTP', error.message);
      logger.error({ err: error, method: request.method, url: request.url }, 'a request failed');
      return problem('INTERNAL', 'the server failed; whether the command was carried out is unknown');
  }
}

/** For a request that is not HTTP, or an address that is none: there is no route to answer it. */
export function answerBadUrl(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  // Fastify’s own message repeats the address, however long it is.
  const what = problem(
    'MALFORMED_HTTP',
    'this is not an address that the server can read: a part is too long, or holds a bad %',
  );
  reply.code(statusOf[what.code]).type(problemMediaType).send(problemJson(what));
}

/** Answers what Node's parser could not read, which may be no more than a method that it does not know. */
export function answerBadRequest(methods: Methods): (error: BadRequest, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (isOwedAnother(socket)) {
      socket.destroy();
      return;
    }
    if (socket.writable) socket.write(badRequestText(error, methods));
    socket.destroy();
  };
}

/** What Node's parser throws; `rawPacket` is the bytes that it was reading. */
type BadRequest = Error & { readonly code?: string | undefined; readonly rawPacket?: unknown };

function badRequestText(error: BadRequest, methods: Methods): string {
  const path = error.code === 'HPE_INVALID_METHOD' ? pathOfRequestLine(error.rawPacket) : undefined;
  const { problem: what, allow }: Misdirected =
    path === undefined ? { problem: unreadable(error), allow: [] } : methods.misdirected(path);
  return lastResponse(what, allow.length === 0 ? [] : [`Allow: ${allow.join(', ')}`], path);
}

function unreadable({ code }: BadRequest): Problem {
  return code === 'ERR_HTTP_REQUEST_TIMEOUT'
    ? problem('REQUEST_TIMEOUT', 'the request did not come whole in time')
    : problem('MALFORMED_HTTP', 'this is not a request that the server can read');
}

const MOST_OF_A_LINE = 16_384;

/** The path that is asked for with a method of any name (RFC 9110, 5.6.2); undefined for what is no request at all. */
function pathOfRequestLine(packet: unknown): string | undefined {
  const text = Buffer.isBuffer(packet) ? packet.toString('latin1', 0, MOST_OF_A_LINE) : '';
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ (\/[!-~]*) HTTP\/1\.[01]\r\n/.exec(text)?.[1]?.split('?', 1)[0];
}

/**
 * Whether the answer that comes next on this connection is that to an earlier request, which was whole or is being answered: a
 * refusal would be taken for it, though what it asked for may have been done. A connection that breaks says that nothing is known.
 */
function isOwedAnother(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  const { _httpMessage: underWay } = socket; // Node’s own handler of bad requests looks there too
  return underWay !== undefined && underWay !== null && (underWay.headersSent || underWay.req.complete);
}
