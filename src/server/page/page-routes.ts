import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../../api/problem.js';
import type { ServerContext } from '../context.js';
import { strangerAt } from '../limits/connections.js';
import { REQUEST_COST_MS } from '../limits/request-turns.js';
import { refuse } from '../routes/answer.js';
import type { Page, PageFile } from './page.js';

/** The addresses of its views, for which the page itself is sent: it finds out what they show. */
const views = [
  '/',
  '/market/*',
  '/deals/*',
  '/intentions/*',
  '/log',
  '/doubts',
  '/participants',
  '/participants/*',
  '/cluster',
  '/audit',
  '/file',
  '/file/*',
];

/** Nothing but this server's own scripts, styles and answers; nobody may put it in a frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  vary: 'accept-encoding',
};

/**
 * The page, for browsers. It is sent without a key, and holds nothing of the exchange: what it shows it asks for like any other program.
 * It is there too while the log is being opened.
 */
export function pageRoutes(app: FastifyInstance, context: ServerContext, { index, assets }: Page): void {
  const { turns } = context;
  app.addHook('onRequest', (request, _reply, done) =>
    turns.take(strangerAt(request.raw.socket), REQUEST_COST_MS, done),
  );
  for (const url of views) {
    app.get(url, (request, reply) => sendPage(request, reply, index, 'no-cache'));
  }
  app.get<{ Params: { '*': string } }>('/assets/*', (request, reply) => {
    const file = assets.get(request.params['*']);
    if (file !== undefined) return sendPage(request, reply, file, 'public, max-age=31536000, immutable');
    return refuse(context, reply, problem('NOT_FOUND', 'the page has no such file'));
  });
}

/** One of its files, in the smallest coding that the browser takes. */
export function sendPage(request: FastifyRequest, reply: FastifyReply, file: PageFile, caching: string): FastifyReply {
  const encoding = encodingFor(request.headers['accept-encoding']);
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.headers(headers).header('cache-control', caching).type(file.type).send(file.encodings[encoding]);
}

/** The smallest that the header takes, as browsers write it. */
function encodingFor(accepted = ''): keyof PageFile['encodings'] {
  const names = accepted.split(',').map((each) => each.trim().toLowerCase());
  if (names.includes('br')) return 'br';
  return names.includes('gzip') ? 'gzip' : 'identity';
}
