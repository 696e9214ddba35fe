import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseSubject } from '../../../../projections/handshake/read-chart.js';
import type { Look, TellingFormat } from '../../../../projections/moments/look.js';
import type { Subject } from '../../../../projections/store/reading/shard-stores.js';
import { type Problem, problem } from '../../../api/problem.js';
import { dealParams, intentionParams, momentQuery } from '../../../api/schemas/query-schemas.js';
import { chartContent, whyContent } from '../../../api/schemas/telling-schemas.js';
import type { ServerContext } from '../../context.js';
import { preferred } from '../../negotiate.js';
import { pointIn } from '../../reads/moment.js';
import { hidesCounterparties, unavailable } from '../../reads/reading.js';
import { dealFor, intentionFor, unknownIntention } from '../../reads/telling.js';
import { refuse } from '../answer.js';
import { describe, type Operation, problemsOfMoments } from '../operation.js';

interface ById {
  Params: { id: string };
}

const formatOf = {
  'application/json': 'json',
  'image/svg+xml': 'svg',
  'text/vnd.mermaid': 'mermaid',
  'text/plain': 'text',
} as const satisfies Readonly<Record<string, TellingFormat>>;

type MediaType = keyof typeof formatOf;

/** Why an intention was filled or not, and the charts of intentions and deals: told from the log, as of any moment. */
export function tellingRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get<ById>('/v1/intentions/:id/why', describe(context, whyOperation), (request, reply) =>
    tell(context, request, reply, {
      ...{ media: ['application/json', 'text/plain'], subject: { intention: request.params.id } },
      look: (format) => lookAtIntention(context, request, format, 'why'),
      absent: unknownIntention(request.params.id),
    }),
  );
  app.get<ById>('/v1/intentions/:id/chart', describe(context, intentionChartOperation), (request, reply) =>
    tell(context, request, reply, {
      ...{ media: chartMedia, subject: { intention: request.params.id } },
      look: (format) => lookAtIntention(context, request, format, 'chart'),
      absent: unknownIntention(request.params.id),
    }),
  );
  app.get<ById>('/v1/deals/:id/chart', describe(context, dealChartOperation), (request, reply) =>
    tell(context, request, reply, {
      ...{ media: chartMedia, subject: { deal: request.params.id } },
      look: (format) => lookAtDeal(context, request, format),
      absent: unknownDeal(request.params.id),
    }),
  );
}

type Media = readonly [MediaType, ...MediaType[]];

/** The first is what a caller gets who asks for none. */
const chartMedia: Media = ['application/json', 'image/svg+xml', 'text/vnd.mermaid', 'text/plain'];

const unknownDeal = (id: string): Problem => problem('UNKNOWN_DEAL', `there is no deal ${JSON.stringify(id)}`);

async function lookAtIntention(
  context: ServerContext,
  request: FastifyRequest<ById>,
  format: TellingFormat,
  what: 'why' | 'chart',
): Promise<Look | Problem> {
  const { id } = request.params;
  const intention = await intentionFor(context, request, id);
  if ('code' in intention) return intention;
  const { postedPosition: since } = intention;
  const intentionId = Number(id);
  const isHidden = await isHiddenFrom(context, request, intention.instrument);
  if (typeof isHidden === 'object') return isHidden;
  if (isHidden && what === 'chart') return hiddenChart;
  return what === 'why'
    ? { kind: 'why', intentionId, since, format, isHidden }
    : { kind: 'chart', subject: { intentionId }, since, format };
}

async function lookAtDeal(
  context: ServerContext,
  request: FastifyRequest<ById>,
  format: TellingFormat,
): Promise<Look | Problem> {
  const { id } = request.params;
  const subject = parseSubject(id);
  if (subject === undefined) return unknownDeal(id);
  const place = await dealFor(context, request, id);
  if ('code' in place) return place;
  const isHidden = await isHiddenFrom(context, request, place.instrument);
  if (typeof isHidden === 'object') return isHidden;
  const { since, near } = place;
  return isHidden ? hiddenChart : { kind: 'chart', subject, since, near, format };
}

const hiddenChart = problem('FORBIDDEN', 'this instrument hides counterparties, whom a chart would name');

/** Whether the caller may not know whom it has met there. */
async function isHiddenFrom(
  context: ServerContext,
  { caller }: FastifyRequest,
  instrument: string,
): Promise<boolean | Problem> {
  return caller.seesAll ? false : hidesCounterparties(context, caller.key, instrument);
}

interface Telling {
  readonly media: Media;
  readonly subject: Subject;
  readonly look: (format: TellingFormat) => Promise<Look | Problem>;
  /** Where there was no such thing at the moment that is asked for. */
  readonly absent: Problem;
}

async function tell(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { media, subject, look: lookFor, absent }: Telling,
): Promise<FastifyReply> {
  reply.header('vary', 'Accept');
  const type = preferred(request.headers.accept, media);
  if (type === undefined) return refuse(context, reply, problem('NOT_ACCEPTABLE', `it is told as ${media.join(', ')}`));
  const shards = context.stores.shardsOf(subject);
  const point = pointIn(request.query, shards);
  const look = await lookFor(formatOf[type]);
  if ('code' in look) return refuse(context, reply, look);
  const found = await context.reads.look<object | string | undefined>({
    look,
    shards,
    share: request.caller.key,
    point,
  });
  if (!found.ok) return refuse(context, reply, unavailable(found));
  const { value, heads } = found;
  if (value === undefined) return refuse(context, reply, absent);
  // A name in a picture is text; what opens the picture by its address runs nothing in it all the same.
  if (type === 'image/svg+xml')
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  if (typeof value === 'string') return reply.type(`${type}; charset=utf-8`).send(value);
  return reply.type(`${type}; charset=utf-8`).send(JSON.stringify({ ...value, ...standingIn(context, heads) }));
}

/** Where it stands: in the one shard that it is about. */
function standingIn({ stores }: ServerContext, heads: ReadonlyMap<number, number>): object {
  const [shard, position] = [...heads].at(-1) ?? [];
  return stores.shards.length > 1 ? { position, shard } : { position };
}

const problemsOfTelling = ['NOT_YOURS', 'NOT_ACCEPTABLE', ...problemsOfMoments] as const;

const told = { isRead: true, isLook: true, access: 'affairs' } as const;

const whyOperation: Operation = {
  ...told,
  operationId: 'whyIntention',
  summary: 'Why an intention was, or was not, filled: each reason with its position in the log',
  description:
    'Told from the log alone, from the post on. A participant asks of its own intentions, an operator or auditor of all. As JSON, or as text for people ' +
    'where Accept asks for text/plain.',
  tag: 'intentions',
  problems: ['UNKNOWN_INTENTION', ...problemsOfTelling],
  schema: { params: intentionParams, querystring: momentQuery, response: { 200: whyContent } },
};

const intentionChartOperation: Operation = {
  ...told,
  operationId: 'chartIntention',
  summary: 'The message sequence chart of an intention and all its deals',
  description: 'In the media type that Accept asks for: JSON, a picture (SVG), a Mermaid diagram, or text.',
  tag: 'intentions',
  problems: ['UNKNOWN_INTENTION', ...problemsOfTelling],
  schema: { params: intentionParams, querystring: momentQuery, response: { 200: chartContent } },
};

const dealChartOperation: Operation = {
  ...told,
  operationId: 'chartDeal',
  summary: 'The message sequence chart of a deal’s handshake',
  description:
    'In the media type that Accept asks for: JSON, a picture (SVG), a Mermaid diagram, or text. A deal that is not decided yet is shown ' +
    'to its initiator, and to an operator or auditor.',
  tag: 'deals',
  problems: ['UNKNOWN_DEAL', ...problemsOfTelling],
  schema: { params: dealParams, querystring: momentQuery, response: { 200: chartContent } },
};
