import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { maySee } from '../../api/access.js';
import { refuse } from './answer.js';
import type { ServerContext } from '../context.js';
import { shardOfStream } from '../../../projections/store/places.js';
import { catalogue } from '../../events/catalogue.js';
import type { ShardLog } from '../../log/port.js';
import { defaultFeedBounds, feedAdmission } from '../feeds/feed-options.js';
import { FeedOutlets } from '../feeds/feed-outlets.js';
import type { FeedWish } from '../feeds/feed-source.js';
import { LocalFeeds } from '../feeds/local-feeds.js';
import { describe, type Operation } from './operation.js';
import { type Problem, problem } from '../../api/problem.js';
import { partyOf, unavailable } from '../reads/reading.js';
import { eventsHeaders, eventsQuery } from '../../api/query-schemas.js';
import { eventStreamSchema } from '../../api/schemas.js';

interface Feed {
  Querystring: { from?: number; shard?: number; stream?: string; type?: string };
  Headers: { 'last-event-id'?: string };
}

const HEARTBEAT_MS = 15_000;

/** The log, live. */
export function eventRoutes(app: FastifyInstance, context: ServerContext): void {
  const { logs, heartbeatMs = HEARTBEAT_MS, feeds = {} } = context;
  const { source = new LocalFeeds(logs), maxHeldBytes } = feeds;
  const { maxFeeds = defaultFeedBounds.maxFeeds, stallMs = defaultFeedBounds.stallMs } = feeds;
  const admit = feedAdmission(maxFeeds);
  const outlets = new FeedOutlets({ ...context, source, heartbeatMs, stallMs, maxHeldBytes });
  app.get<Feed>('/v1/events', { ...describe(context, operation), exposeHeadRoute: false }, async (request, reply) => {
    const log = logOf(context, request.query);
    if ('code' in log) return refuse(context, reply, log);
    const from = (await whyNot(context, request)) ?? (await firstPosition(context, log, request));
    if (typeof from === 'object') return refuse(context, reply, from);
    const release = admit(request.caller.key);
    if (release === undefined) return refuse(context, reply, tooMany);
    const wish = wishOf(request, log.shard, from);
    const refused = outlets.open({ output: reply.raw, wish, key: request.caller.key, release });
    if (refused !== undefined) {
      release();
      return refuse(context, reply, refused);
    }
    begin(reply, from);
    return reply;
  });
}

const tooMany = problem(
  'TOO_MANY_REQUESTS',
  'there are as many feeds as there may be, of this key or of all; end one first',
);

/** The log that was asked for: by its shard, by the stream, or the first. */
function logOf({ logs, stores }: ServerContext, { shard, stream }: Feed['Querystring']): ShardLog | Problem {
  const [first] = stores.shards;
  const home = stream === undefined || logs.length === 1 ? undefined : shardOfStream(stream);
  if (home !== undefined && shard !== undefined && shard !== home)
    return problem('INVALID_COMMAND', `${JSON.stringify(stream)} is in the log of shard ${home}, not of ${shard}`);
  const wanted = shard ?? home ?? first;
  const log = logs.find((each) => each.shard === wanted);
  return log ?? problem('UNKNOWN_SHARD', `there is no shard ${wanted}; there are ${stores.shards.join(', ')}`);
}

/** The log holds everybody’s events: a participant may follow no more than its own intention. */
async function whyNot(context: ServerContext, request: FastifyRequest<Feed>): Promise<Problem | undefined> {
  const { caller, query } = request;
  if (caller.seesAll) return undefined;
  const refusal = problem('FORBIDDEN', 'with a participant’s key, ask for the stream of an intention of your own');
  const id = /^intention-(.+)$/.exec(query.stream ?? '')?.[1];
  if (id === undefined) return refusal;
  const party = await partyOf(context, caller.key, id);
  if ('code' in party) return party;
  return maySee(caller, party.participant) ? undefined : refusal;
}

/** The event after the last one that the reader has, else `from`, else only what is new. */
async function firstPosition(
  { reads }: ServerContext,
  { shard }: ShardLog,
  { headers, query }: FastifyRequest<Feed>,
): Promise<number | Problem> {
  const last = headers['last-event-id'] ?? '';
  if (!/^\d{0,15}$/.test(last)) return problem('INVALID_COMMAND', 'Last-Event-ID must be a log position');
  const durable = await reads.heads([shard]);
  if (!durable.ok) return unavailable(durable);
  const head = durable.heads.get(shard) ?? 0;
  const from = last === '' ? (query.from ?? head) : Number(last) + 1;
  // A reader that has seen more has seen another log, or what this one has lost: its feed would be silent until new events get there.
  if (from > head) return problem('POSITION_AHEAD', `position ${from} lies beyond the log’s head, ${head}`);
  return from;
}

function wishOf({ query: { stream, type } }: FastifyRequest<Feed>, shard: number, from: number): FeedWish {
  // Types that there are not would be kept for nothing, however many are named.
  const types = type === undefined ? undefined : new Set(type.split(',').filter((name) => eventTypes.has(name)));
  return { shard, from, stream, types };
}

const eventTypes: ReadonlySet<string> = new Set(catalogue.map(({ type }) => type));

function begin(reply: FastifyReply, from: number): void {
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    // For a reader that comes back before it has had its first event.
    'parley-from': String(from),
  });
  reply.raw.write(from > 0 ? `retry: 1000\nid: ${from - 1}\n\n` : 'retry: 1000\n\n');
}

const operation: Operation = {
  operationId: 'followEvents',
  summary: 'The events of the log, as they become durable',
  description:
    'Server-sent events of one shard. Resumes after Last-Event-ID, which wins over `from`. An operator or auditor sees all; a participant names ' +
    'the stream of an intention of its own. When the log cannot be followed any further, an event `error` says why before the ' +
    'connection is cut: its data are problem details, UNAVAILABLE for what may pass and LOG_DAMAGED for what will not. A reader that ' +
    'takes nothing for a while is cut, and resumes when it comes back.',
  tag: 'events',
  access: 'affairs',
  problems: ['UNKNOWN_SHARD', 'POSITION_AHEAD', 'TOO_MANY_REQUESTS', 'UNAVAILABLE'],
  headers: eventsHeaders,
  schema: {
    querystring: eventsQuery,
    response: { 200: { content: { 'text/event-stream': { schema: eventStreamSchema } } } },
  },
};
