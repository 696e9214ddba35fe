import type { Writable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from './answer.js';
import type { ServerContext } from './context.js';
import { shardOfStream } from '../../projections/store/places.js';
import type { ShardLog } from '../log/port.js';
import { errorMessage, feedEvents } from './event-feed.js';
import { describe } from './operation.js';
import { type Problem, problem } from './problem.js';
import { headsOf, partyOf } from './reading.js';
import { eventsHeaders, eventsQuery } from './query-schemas.js';
import { eventStreamSchema } from './schemas.js';

interface Feed {
  Querystring: { from?: number; shard?: number; stream?: string; type?: string };
  Headers: { 'last-event-id'?: string };
}

const HEARTBEAT_MS = 15_000;

/** The log, live. */
export function eventRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get<Feed>(
    '/v1/events',
    { ...describe(context, operation, schemas), exposeHeadRoute: false },
    async (request, reply) => {
      const log = logOf(context, request.query);
      if ('code' in log) return refuse(context, request, reply, log);
      const refused = (await whyNot(context, request)) ?? (await firstPosition(context, log, request));
      if (typeof refused === 'object') return refuse(context, request, reply, refused);
      reply.hijack();
      await feed(context, request, reply, log, refused);
      return reply;
    },
  );
}

/** The log that was asked for: by its shard, by the stream, or the first. */
function logOf({ logs, queries }: ServerContext, { shard, stream }: Feed['Querystring']): ShardLog | Problem {
  const [first] = queries.shards;
  const home = stream === undefined || logs.length === 1 ? undefined : shardOfStream(stream);
  if (home !== undefined && shard !== undefined && shard !== home)
    return problem('INVALID_COMMAND', `${JSON.stringify(stream)} is in the log of shard ${home}, not of ${shard}`);
  const wanted = shard ?? home ?? first;
  const log = logs.find((each) => each.shard === wanted);
  return log ?? problem('UNKNOWN_SHARD', `there is no shard ${wanted}; there are ${queries.shards.join(', ')}`);
}

/** The log holds everybody’s events: a participant may follow no more than its own intention. */
async function whyNot(context: ServerContext, request: FastifyRequest<Feed>): Promise<Problem | undefined> {
  const { caller, query } = request;
  if (caller.operator) return undefined;
  const refusal = problem('FORBIDDEN', 'without an operator’s key, ask for the stream of an intention of your own');
  const id = /^intention-(.+)$/.exec(query.stream ?? '')?.[1];
  if (id === undefined) return refusal;
  const party = await partyOf(context, caller.key, id);
  if ('code' in party) return party;
  return party.participant === caller.participant ? undefined : refusal;
}

/** The event after the last one that the reader has, else `from`, else only what is new. */
async function firstPosition(
  context: ServerContext,
  { shard }: ShardLog,
  { headers, query }: FastifyRequest<Feed>,
): Promise<number | Problem> {
  const last = headers['last-event-id'] ?? '';
  if (!/^\d{0,15}$/.test(last)) return problem('INVALID_COMMAND', 'Last-Event-ID must be a log position');
  const heads = await headsOf(context, [shard]);
  if ('code' in heads) return heads;
  const head = heads.get(shard) ?? 0;
  const from = last === '' ? (query.from ?? head) : Number(last) + 1;
  // Whoever has seen more has seen another log, or what is lost of this one: a feed would be silent until new events have its place.
  if (from > head) return problem('POSITION_AHEAD', `position ${from} lies beyond the log’s head, ${head}`);
  return from;
}

async function feed(
  context: ServerContext,
  request: FastifyRequest<Feed>,
  reply: FastifyReply,
  log: ShardLog,
  from: number,
): Promise<void> {
  const { lifecycle, logger, heartbeatMs = HEARTBEAT_MS } = context;
  const { stream, type } = request.query;
  const output = reply.raw;
  const over = endOf(output, lifecycle.stopping);
  output.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    // For a reader that comes back before it has had its first event.
    'parley-from': String(from),
  });
  output.write(from > 0 ? `retry: 1000\nid: ${from - 1}\n\n` : 'retry: 1000\n\n');
  const types = type === undefined ? undefined : new Set(type.split(','));
  try {
    await feedEvents({ log, output, from, stream, types, heartbeatMs }, over);
    output.end();
  } catch (error) {
    logger.error({ err: error }, 'a feed of events failed');
    // Cut off without an end, so that whoever does not know of the event knows all the same that it must come back.
    output.write(errorMessage(error), () => output.destroy());
  }
}

/** Aborts when the connection closes or the server begins to stop. */
function endOf(output: Writable, stopping: AbortSignal): AbortSignal {
  const over = new AbortController();
  const end = (): void => over.abort();
  stopping.addEventListener('abort', end, { once: true });
  output.once('close', () => {
    stopping.removeEventListener('abort', end);
    end();
  });
  // A connection that breaks says so by closing; there is nobody left to tell.
  output.on('error', () => undefined);
  if (stopping.aborted) end();
  return over.signal;
}

const operation = {
  operationId: 'followEvents',
  summary: 'The events of the log, as they become durable',
  description:
    'Server-sent events of one shard. Resumes after Last-Event-ID, which wins over `from`. An operator sees all; a participant names ' +
    'the stream of an intention of its own. When the log cannot be followed any further, an event `error` says why before the ' +
    'connection is cut: its data are problem details, UNAVAILABLE for what may pass and LOG_DAMAGED for what will not.',
  tag: 'events',
  access: 'participant',
  problems: ['UNKNOWN_SHARD', 'POSITION_AHEAD', 'UNAVAILABLE'],
  headers: eventsHeaders,
} as const;
const schemas = {
  querystring: eventsQuery,
  response: { 200: { content: { 'text/event-stream': { schema: eventStreamSchema } } } },
};
