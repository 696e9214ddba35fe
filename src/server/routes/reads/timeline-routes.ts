import type { FastifyInstance } from 'fastify';
import { timeText } from '../../../../projections/directory/views.js';
import type { MomentAround } from '../../../../projections/moments/look.js';
import type { TimelineQuery } from '../../../../projections/store/queries/timeline.js';
import { type Problem, problem } from '../../../api/problem.js';
import {
  momentOfShardQuery,
  momentSchema,
  timelineQuery,
  timelineSchema,
} from '../../../api/schemas/timeline-schemas.js';
import type { ServerContext } from '../../context.js';
import type { Caller } from '../../doors/access.js';
import { type MomentQuery, pointIn } from '../../reads/moment.js';
import { unavailable } from '../../reads/reading.js';
import { refuse } from '../answer.js';
import { describe, type Operation, problemsOfMoments } from '../operation.js';

interface Timeline {
  Querystring: TimelineQuery & { shard?: number };
}
interface MomentOfShard {
  Querystring: MomentQuery & { shard?: number };
}

/** Where things are on a shard’s time line, and the way from one moment to the next. */
export function timelineRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get<Timeline>('/v1/timeline', describe(context, timelineOperation), async ({ caller, query }, reply) => {
    const { shard: wanted, ...terms } = query;
    const shard = shardIn(context, wanted);
    if (typeof shard === 'object') return refuse(context, reply, shard);
    const found = await context.reads.read({
      ...{ query: 'timeline', values: [terms] },
      ...{ shards: [shard], share: caller.key },
    });
    if (!found.ok) return refuse(context, reply, unavailable(found));
    return { ...ofShard(context, shard), position: found.heads.get(shard), ...found.value };
  });
  app.get<MomentOfShard>('/v1/moment', describe(context, momentOperation), async ({ caller, query }, reply) => {
    const shard = shardIn(context, query.shard);
    if (typeof shard === 'object') return refuse(context, reply, shard);
    const found = await momentOf(context, caller, shard, query);
    return 'code' in found ? refuse(context, reply, found) : found;
  });
}

/** The shard that is named, or the first. */
function shardIn({ stores }: ServerContext, wanted: number | undefined): number | Problem {
  const shard = wanted ?? stores.shards[0];
  if (shard !== undefined && stores.shards.includes(shard)) return shard;
  return problem('UNKNOWN_SHARD', `there is no shard ${wanted}; there are ${stores.shards.join(', ')}`);
}

/** Shown where there are several. */
function ofShard({ stores }: ServerContext, shard: number): { readonly shard?: number } {
  return stores.shards.length > 1 ? { shard } : {};
}

/** The log tells of its batches and the store of its deals: of both what stands before the head that was found first. */
async function momentOf(
  context: ServerContext,
  { key: share }: Caller,
  shard: number,
  query: MomentQuery,
): Promise<object | Problem> {
  const { reads } = context;
  const shards = [shard];
  const point = pointIn(query, shards);
  const looked = await reads.look<MomentAround>({ look: { kind: 'around' }, shards, share, point });
  if (!looked.ok) return unavailable(looked);
  const { atMs, head, ...batches } = looked.value;
  const position = looked.heads.get(shard) ?? 0;
  const deals = await reads.read({ query: 'dealsAround', values: [position, head], shards, share });
  if (!deals.ok) return unavailable(deals);
  const at = atMs === undefined ? {} : { at: timeText(atMs) };
  return { ...ofShard(context, shard), position, ...at, ...batches, ...deals.value };
}

const timelineOperation: Operation = {
  operationId: 'getTimeline',
  isRead: true,
  rows: 500,
  summary: 'How much was dealt in each stretch of a shard’s log, and where it was restarted and held auctions',
  description:
    'For a picture of the log from which any moment of it is reached. Holds all that was durable when the request came, however long the log is.',
  tag: 'market',
  access: 'market',
  problems: ['UNKNOWN_SHARD', ...problemsOfMoments],
  schema: { querystring: timelineQuery, response: { 200: timelineSchema } },
};

const momentOperation: Operation = {
  operationId: 'getMoment',
  isRead: true,
  isLook: true,
  summary: 'A moment of a shard, and those next to it: by batch, and by deal',
  description:
    'Of the present one, unless `at` or `atTime` names another. What is absent is not there: before the first batch and after the last. ' +
    'Each of the moments can be given as `at`. By event, the next moment is `position` + 1.',
  tag: 'market',
  access: 'market',
  problems: ['UNKNOWN_SHARD', ...problemsOfMoments],
  schema: { querystring: momentOfShardQuery, response: { 200: momentSchema } },
};
