import type { RequestListener, Server } from 'node:http';
import { type FastifyInstance, fastify } from 'fastify';
import type { ShardStatus } from '../exchange/commands.js';
import { Backlog, MAX_LAG_EVENTS } from './posts/backlog.js';
import type { ServerContext, ServerDeps } from './context.js';
import { changeRoutes } from './routes/commands/change-routes.js';
import { callerRoutes } from './routes/caller-routes.js';
import { clusterRoutes } from './routes/cluster/cluster-routes.js';
import { compileCheck } from './check-fields.js';
import type { RecordSchema } from '../api/schemas/record-schema.js';
import { accountRoutes } from './routes/reads/account-routes.js';
import { dealRoutes } from './routes/reads/deal-routes.js';
import { answerBadRequest, answerBadUrl, handleErrors } from './errors.js';
import { eventRoutes } from './routes/event-routes.js';
import { encodingOf } from './encoding.js';
import { LookDesk } from '../../projections/moments/look-desk.js';
import { Moments } from '../../projections/moments/moments.js';
import { LogFreshness } from '../../projections/store/reading/freshness.js';
import { Reads } from '../../projections/store/reading/reads.js';
import { allowOrigins } from './doors/allowed-origins.js';
import { makeGates } from './doors/gates.js';
import { type Live, openLive } from './feeds/live.js';
import { streamRoutes } from './streams/stream-routes.js';
import { healthRoutes } from './routes/health-routes.js';
import { instrumentRoutes } from './routes/instrument-routes.js';
import { intentionRoutes } from './routes/reads/intention-routes.js';
import { Stop } from './lifecycle.js';
import { closeAsTheyFinish } from './limits/accepting.js';
import { openHotDoor } from './hot/hot-door.js';
import { Connections } from './limits/connections.js';
import { makeHttpServer } from './limits/http-server.js';
import { defaultLimits } from './limits/limits.js';
import { LookBudget } from './limits/look-budget.js';
import { RateLimits } from './limits/rate-limits.js';
import { ReadBudget } from './limits/read-budget.js';
import { StreamBudget } from './limits/stream-budget.js';
import { RequestTurns } from './limits/request-turns.js';
import { SIGNATURE_WINDOW_MS, SignatureCheck } from './signatures/signature-check.js';
import { Methods } from './routes/methods.js';
import { Metrics } from './metrics.js';
import { documentRoutes } from './routes/openapi.js';
import { marketRoutes } from './routes/reads/market-routes.js';
import { pageRoutes } from './page/page-routes.js';
import { readinessOf } from './readiness.js';
import { postRoutes } from './routes/commands/post-routes.js';
import { riskRoutes } from './routes/commands/risk-routes.js';
import { tellingRoutes } from './routes/reads/telling-routes.js';
import { timelineRoutes } from './routes/reads/timeline-routes.js';
import { ProblemError } from './problem-details.js';
import { socketRoutes } from './routes/socket-routes.js';
import { SocketDoor } from './sockets/socket-door.js';
import { readJson } from '../api/read-json.js';
import { views } from '../api/schemas/schemas.js';

export const MAX_BODY_BYTES = 65_536;
/** As much as Node takes of a request before its body: a name that is too long is refused by its route. */
export const MAX_HEAD_BYTES = 16_384;
const IDLE_TIMEOUT_MS = 120_000;
const REQUEST_MS = 30_000;
const KEEP_ALIVE_MS = 72_000;

/**
 * The HTTP server without a port: for `inject`, or to listen with. Closing it ends its streams, but not the exchange.
 *
 * `stop` lets a caller that closes it choose when what has not finished is cut.
 */
export function buildApp(deps: ServerDeps, stop: Stop = new Stop()): FastifyInstance {
  const context = contextOf(deps, stop);
  const methods = new Methods();
  const live = openLive(context);
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    serverFactory: (handle) => serverOf({ context, methods, live }, handle),
    return503OnClosing: false,
    clientErrorHandler: () => undefined, // the server that was made has one of its own
    frameworkErrors: answerBadUrl,
    routerOptions: { maxParamLength: MAX_HEAD_BYTES },
  });
  app.decorateRequest('caller');
  app.decorateRequest('contentDigest');
  parseJson(app);
  app.setValidatorCompiler<RecordSchema>(({ schema, httpPart }) => compileCheck(schema, httpPart));
  for (const [name, schema] of Object.entries(views)) app.addSchema({ $id: name, ...schema });
  methods.watch(app);
  allowOrigins(app, context, methods);
  handleErrors(app, context, methods);
  addRoutes(app, context, live);
  app.addHook('preClose', (done) => {
    stop.begin();
    if (app.server.listening) app.server.once('close', closeAsTheyFinish(app.server));
    done();
  });
  return app;
}

interface Served {
  readonly context: ServerContext;
  readonly methods: Methods;
  readonly live: Live;
}

function serverOf({ context, methods, live }: Served, handle: RequestListener): Server {
  const { connections, idleTimeoutMs, limits } = context;
  const { requestMs = REQUEST_MS } = limits ?? {};
  const times = { requestMs, idleMs: idleTimeoutMs ?? IDLE_TIMEOUT_MS, keepAliveMs: KEEP_ALIVE_MS };
  const door = new SocketDoor(context, live);
  const server = makeHttpServer(handle, answerBadRequest(methods), times, door.take.bind(door));
  if (context.hotPosts !== false) openHotDoor(server, context, times);
  connections.watch(server);
  return server;
}

function contextOf(deps: ServerDeps, lifecycle: Stop): ServerContext {
  const { exchange, stores, logs, keys, logger, starting = () => false, maxLagEvents = MAX_LAG_EVENTS } = deps;
  const statusOf = (shard: number): ShardStatus | undefined =>
    exchange.shards().find((status) => status.shard === shard);
  const durableHere = (shard: number): number | undefined => {
    const here = statusOf(shard);
    return here?.state === 'stopped' && logs.length > 1 ? undefined : here?.durable;
  };
  const acknowledgedHere = (shard: number): number | undefined => statusOf(shard)?.durable;
  const freshness = deps.freshness ?? new LogFreshness(logs, { durableHere, acknowledgedHere });
  const limits = { ...defaultLimits, ...deps.limits };
  const { connections, waitingRequests, streamBytes, streamLines, readRows, looksWaiting } = limits;
  const looks = deps.looks ?? new LookDesk(new Map(logs.map((log) => [log.shard, new Moments(log)])));
  const backlog = new Backlog({ shards: () => exchange.shards(), stores, maxLagEvents });
  const whileAsked = backlog.whileRead.bind(backlog);
  const bounds = {
    connections: new Connections(connections),
    turns: new RequestTurns({ mostWaiting: waitingRequests }),
    rates: new RateLimits(deps.rate),
    signatures: new SignatureCheck(keys, { windowMs: deps.signatureWindowMs ?? SIGNATURE_WINDOW_MS }),
    streamBudget: new StreamBudget({ bytes: streamBytes, lines: streamLines }),
    readBudget: new ReadBudget(readRows),
    backlog,
    lookBudget: new LookBudget(looksWaiting),
    reads: new Reads({ stores, freshness, looks, logger, waitMs: deps.catchUpMs, whileAsked }),
  };
  const whyNotReady = readinessOf({ ...deps, ...bounds }, lifecycle);
  const metrics = new Metrics({ ...deps, ...bounds, whyNotReady });
  return {
    ...deps,
    ...bounds,
    clock: deps.clock ?? ((): number => Date.now()),
    metrics,
    lifecycle,
    whyNotReady,
    gates: makeGates({ keys, isStarting: starting, allowedOrigins: deps.allowedOrigins, ...bounds }),
  };
}

/** Only JSON, and in it `__proto__` is a field like any other, which nothing knows. */
function parseJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const wrong = encodingOf(request);
    const differs = request.contentDigest?.whyNot(String(body));
    if (differs !== undefined) {
      done(new ProblemError(differs.code, differs.detail));
      return;
    }
    if (wrong !== undefined || body === '') {
      done(wrong ?? null);
      return;
    }
    const read = readJson(String(body), 'the body');
    if ('code' in read) done(new ProblemError(read.code, read.detail));
    else done(null, read.value);
  });
}

function addRoutes(app: FastifyInstance, context: ServerContext, live: Live): void {
  const document = documentRoutes(app);
  const { page } = context;
  if (page !== undefined) void app.register(async (scope) => pageRoutes(scope, context, page));
  // Each in a scope of its own, so that what one adds (a parser, a hook) is its own.
  void app.register(async (scope) => postRoutes(scope, context));
  void app.register(async (scope) => eventRoutes(scope, context, live));
  void app.register(async (scope) => streamRoutes(scope, context, live));
  void app.register(async (scope) => {
    measure(scope, context.metrics);
    intentionRoutes(scope, context);
    changeRoutes(scope, context);
    instrumentRoutes(scope, context);
    dealRoutes(scope, context);
    riskRoutes(scope, context);
    marketRoutes(scope, context);
    accountRoutes(scope, context);
    tellingRoutes(scope, context);
    timelineRoutes(scope, context);
    callerRoutes(scope, context);
    clusterRoutes(scope, context);
    socketRoutes(scope, context);
    healthRoutes(scope, context, document);
  });
}

function measure(scope: FastifyInstance, metrics: Metrics): void {
  scope.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1_000);
    done();
  });
}
