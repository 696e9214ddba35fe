import type { FastifyInstance } from 'fastify';
import { eventsHeaders, eventsQuery } from '../../api/schemas/query-schemas.js';
import { problem } from '../../api/problem.js';
import { eventStreamSchema } from '../../api/schemas/schemas.js';
import type { ServerContext } from '../context.js';
import { eventWish } from '../feeds/event-wishes.js';
import type { Live } from '../feeds/live.js';
import { sendEvents } from '../feeds/outlets/send-events.js';
import { refuse } from './answer.js';
import { describe, type Operation } from './operation.js';

interface Feed {
  Querystring: { from?: number; until?: number; shard?: number; stream?: string; type?: string };
  Headers: { 'last-event-id'?: string };
}

/** The log, live. */
export function eventRoutes(app: FastifyInstance, context: ServerContext, { events, admit }: Live): void {
  app.get<Feed>('/v1/events', { ...describe(context, operation), exposeHeadRoute: false }, async (request, reply) => {
    const { caller, query, headers } = request;
    const last = headers['last-event-id'] ?? '';
    if (!/^\d{0,15}$/.test(last)) {
      return refuse(context, reply, problem('INVALID_COMMAND', 'Last-Event-ID must be a log position'));
    }
    // The event after the last one that the reader has, else `from`, else only what is new.
    const from = last === '' ? query.from : Number(last) + 1;
    const wish = await eventWish(context, caller, { ...query, from }, 'sse');
    if ('code' in wish) return refuse(context, reply, wish);
    const refused = sendEvents(request, reply, { outlets: events, admit, wish, from: wish.from });
    return refused === undefined ? reply : refuse(context, reply, refused);
  });
}

const operation: Operation = {
  operationId: 'followEvents',
  summary: 'The events of the log, as they become durable',
  description:
    'Server-sent events of one shard. Resumes after Last-Event-ID, which wins over `from`. An operator or auditor sees all; a participant names ' +
    'the stream of an intention of its own. When the log cannot be followed any further, an event `error` says why before the ' +
    'connection is cut: its data are problem details, UNAVAILABLE for what may pass and LOG_DAMAGED for what will not. A reader that ' +
    'takes nothing for a while is cut, and resumes when it comes back. With `until` the answer has an end, for who wants a page of the log: ' +
    'an event `upTo` says up to where it has looked, also where nothing was found.',
  tag: 'events',
  access: 'affairs',
  isStream: true,
  problems: ['UNKNOWN_SHARD', 'POSITION_AHEAD', 'TOO_MANY_REQUESTS', 'UNAVAILABLE'],
  headers: eventsHeaders,
  schema: {
    querystring: eventsQuery,
    response: { 200: { content: { 'text/event-stream': { schema: eventStreamSchema } } } },
  },
};
