/** What Fastify and Node refuse on their own, as problems. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pathOf, refuse } from './answer.js';
import type { ServerContext } from './context.js';
import { addressOf } from './limits/connections.js';
import { type Problem, ProblemError, problem, problemJson, problemMediaType, statusOf } from './problem.js';

type Counting = Pick<ServerContext, 'metrics' | 'logger' | 'turns'>;

const NOT_FOUND_COST_MS = 0.1;

export function handleErrors(app: FastifyInstance, context: Counting): void {
  const methods = methodsByPath(app);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    refuse(context, request, reply, explain(context, error, request));
  });
  app.setNotFoundHandler((request, reply) => {
    // Whoever asks for what there is not shows no key.
    const worker = { id: addressOf(request.raw.socket), weight: 1 };
    context.turns.take(worker, NOT_FOUND_COST_MS, () => notFound(context, request, reply, methods(pathOf(request))));
  });
}

function explain({ logger }: Counting, error: FastifyError, request: FastifyRequest): Problem {
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

function notFound(context: Counting, request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): void {
  if (methods.length === 0) {
    refuse(context, request, reply, problem('NOT_FOUND', 'there is nothing here; /openapi.json lists what there is'));
    return;
  }
  reply.header('allow', methods.join(', '));
  refuse(context, request, reply, problem('METHOD_NOT_ALLOWED', `this takes ${methods.join(', ')}`));
}

/** Collects the routes that are registered from now on; the function it returns tells which methods a path has. */
function methodsByPath(app: FastifyInstance): (path: string) => readonly string[] {
  const routes: { readonly method: string; readonly pattern: RegExp }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`);
    for (const each of [method].flat()) routes.push({ method: each, pattern });
  });
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
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

export function answerBadRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (isOwedAnother(socket)) {
    socket.destroy();
    return;
  }
  const what =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? problem('REQUEST_TIMEOUT', 'the request did not come whole in time')
      : problem('MALFORMED_HTTP', 'this is not a request that the server can read');
  const body = problemJson(what);
  const status = statusOf[what.code];
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${problemMediaType}\r\n`;
  if (socket.writable) socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  socket.destroy();
}

/**
 * Whether the answer that comes next on this connection is that to an earlier request, which was whole or is being answered: a
 * refusal would be taken for it, though what it asked for may have been done. A connection that breaks says that nothing is known.
 */
function isOwedAnother(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  const { _httpMessage: underWay } = socket; // Node’s own handler of bad requests looks there too
  return underWay !== undefined && underWay !== null && (underWay.headersSent || underWay.req.complete);
}
