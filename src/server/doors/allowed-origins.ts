/**
 * Pages of other origins that may ask the exchange: those that are named, and no other (CORS, of the Fetch standard).
 *
 * 1. Never with credentials: nothing that a browser sends by itself counts here, so a page sends its key or signs.
 * 2. Without an origin that is named, no answer has a header of CORS, and a browser keeps it from the page.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerContext } from '../context.js';
import { strangerAt } from '../limits/connections.js';
import { REQUEST_COST_MS } from '../limits/request-turns.js';
import { pathOf } from '../routes/answer.js';
import type { Methods } from '../routes/methods.js';

/** Of requests, beside those that any page may send. */
const REQUEST_HEADERS = 'authorization, content-type, content-digest, signature, signature-input, last-event-id';
/** Of answers, beside those that any page may read. */
const ANSWER_HEADERS = 'allow, location, parley-from, ratelimit, ratelimit-policy, retry-after, www-authenticate';
/** How long a browser need not ask again. */
const MAX_AGE_SECONDS = 600;

/** From now on the app answers pages of these origins, and their preflights. */
export function allowOrigins(
  app: FastifyInstance,
  { turns, allowedOrigins }: Pick<ServerContext, 'turns' | 'allowedOrigins'>,
  methods: Methods,
): void {
  if (allowedOrigins === undefined || allowedOrigins.size === 0) return;
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    // On the answer itself: a feed or a stream writes its own head.
    reply.raw.setHeader('vary', 'origin');
    if (origin === undefined || !allowedOrigins.has(origin)) {
      done();
      return;
    }
    reply.raw.setHeader('access-control-allow-origin', origin);
    reply.raw.setHeader('access-control-expose-headers', ANSWER_HEADERS);
    const allow = isPreflight(request) ? methods.misdirected(pathOf(request)).allow : [];
    if (allow.length === 0) done();
    else turns.take(strangerAt(request.raw.socket), REQUEST_COST_MS, () => answerPreflight(reply, allow));
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function answerPreflight(reply: FastifyReply, allow: readonly string[]): void {
  reply.headers({
    'access-control-allow-methods': allow.join(', '),
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': MAX_AGE_SECONDS,
  });
  void reply.code(204).send();
}
