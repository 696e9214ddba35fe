import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { StreamChannel } from '../../../projections/streams/messages.js';
import { problem } from '../../api/problem.js';
import { eventsHeaders, instrumentParams } from '../../api/schemas/query-schemas.js';
import { bookStreamQuery, ownStreamQuery, streamBody, tradesStreamQuery } from '../../api/schemas/stream-schemas.js';
import type { ServerContext } from '../context.js';
import type { Live } from '../feeds/live.js';
import { sendEvents } from '../feeds/outlets/send-events.js';
import { refuse } from '../routes/answer.js';
import { describe, type Operation } from '../routes/operation.js';
import { accessOf, type AskedStream, streamWish } from './wishes.js';

interface Streamed {
  Params: { instrument?: string };
  Querystring: Omit<AskedStream, 'channel' | 'instrument'>;
  Headers: { 'last-event-id'?: string };
}

const paths: Readonly<Record<StreamChannel, string>> = {
  book: '/v1/book/:instrument/stream',
  trades: '/v1/trades/:instrument/stream',
  ticker: '/v1/ticker/:instrument/stream',
  own: '/v1/own/stream',
};

/** The market and one’s own affairs, live, as server-sent events. */
export function streamRoutes(app: FastifyInstance, context: ServerContext, live: Live): void {
  for (const [channel, path] of Object.entries(paths) as [StreamChannel, string][]) {
    const options = { ...describe(context, operations[channel]), exposeHeadRoute: false };
    app.get<Streamed>(path, options, (request, reply) => stream(context, live, channel, { request, reply }));
  }
}

interface Exchange {
  readonly request: FastifyRequest<Streamed>;
  readonly reply: FastifyReply;
}

async function stream(
  context: ServerContext,
  { streams, admit }: Live,
  channel: StreamChannel,
  { request, reply }: Exchange,
): Promise<FastifyReply> {
  const { caller, query, params, headers } = request;
  const last = headers['last-event-id'] ?? '';
  if (!/^\d{0,15}$/.test(last))
    return refuse(context, reply, problem('INVALID_COMMAND', 'Last-Event-ID must be a log position'));
  // What a reader has wins over where it began.
  const place = last === '' ? {} : { after: Number(last), from: undefined };
  const wish = await streamWish(context, caller, { ...query, ...params, ...place, channel }, 'sse');
  if ('code' in wish) return refuse(context, reply, wish);
  const refused = sendEvents(request, reply, { outlets: streams, admit, wish, from: wish.from });
  return refused === undefined ? reply : refuse(context, reply, refused);
}

const CUT =
  ' When it cannot go on, an event `error` says why before the connection is cut: its data are problem details, TOO_SLOW for a reader that ' +
  'lacks what is no longer kept.';

function operation(
  channel: StreamChannel,
  says: Pick<Operation, 'operationId' | 'summary' | 'description' | 'tag'>,
  querystring: Operation['schema']['querystring'],
): Operation {
  const ofInstrument = channel !== 'own';
  const { description = '' } = says;
  return {
    ...{ ...says, description: description + CUT, access: accessOf[channel], isStream: true, headers: eventsHeaders },
    problems: [
      ...(ofInstrument ? (['UNKNOWN_INSTRUMENT'] as const) : (['UNKNOWN_SHARD'] as const)),
      ...(channel === 'trades' || channel === 'own' ? (['POSITION_AHEAD'] as const) : []),
      ...(['TOO_MANY_REQUESTS', 'UNAVAILABLE'] as const),
    ],
    schema: {
      ...(ofInstrument && { params: instrumentParams }),
      ...(querystring !== undefined && { querystring }),
      response: { 200: { content: { 'text/event-stream': { schema: streamBody(channel) } } } },
    },
  };
}

const operations: Readonly<Record<StreamChannel, Operation>> = {
  book: operation(
    'book',
    {
      operationId: 'streamBook',
      summary: 'An instrument’s book: a snapshot, then what changes',
      description:
        'First a `snapshot` with all levels, then a `diff` for each batch of the log that changed it, or at most ten a second: the levels that ' +
        'changed, with their new quantities. `from` of a diff is the `position` of the message before it. Who comes back gets a snapshot again.',
      tag: 'market',
    },
    bookStreamQuery,
  ),
  trades: operation(
    'trades',
    {
      operationId: 'streamTrades',
      summary: 'The deals of an instrument, as they become durable',
      description: 'Without names. Resumes after Last-Event-ID, which wins over `after` and `from`.',
      tag: 'market',
    },
    tradesStreamQuery,
  ),
  ticker: operation(
    'ticker',
    {
      operationId: 'streamTicker',
      summary: 'An instrument’s ticker, at most once a second',
      description: 'At once, and then whenever it has changed.',
      tag: 'market',
    },
    undefined,
  ),
  own: operation(
    'own',
    {
      operationId: 'streamOwn',
      summary: 'What happens to the participant and its intentions',
      description:
        'One message for each event about one of them; of an intention, with how it stands after it. Resumes after Last-Event-ID, which wins over `after` and ' +
        '`from`. Where nothing happens, `upTo` says how far it is, at most once a second. An operator or auditor names a participant, or none for all.',
      tag: 'intentions',
    },
    ownStreamQuery,
  ),
};
