/** What an explanation or a chart is about, for those who may see it. */
import type { FastifyRequest } from 'fastify';
import { positionOfPlace } from '../../../projections/store/places.js';
import type { Heads } from '../../../projections/store/queries/found.js';
import type { IntentionView } from '../../../projections/store/queries/views.js';
import { maySee } from '../../api/access.js';
import { type Problem, problem } from '../../api/problem.js';
import type { ServerContext } from '../context.js';
import { pointIn } from './moment.js';
import { showDeal, unavailable } from './reading.js';

type Asking = Pick<FastifyRequest, 'caller' | 'query'>;

/** An intention as it stands now, if the caller may see it. One that was posted only after the moment that is asked for is unknown, whoever asks. */
export async function intentionFor(
  context: ServerContext,
  request: Asking,
  id: string,
): Promise<IntentionView | Problem> {
  const intention = await intentionNow(context, request, id);
  if (intention === undefined) return unknownIntention(id);
  if ('code' in intention || maySee(request.caller, intention.participant)) return intention;
  const heads = await momentOf(context, request, context.stores.shardsOf({ intention: id }));
  if ('code' in heads) return heads;
  const [position = 0] = heads.values();
  if (position <= intention.postedPosition) return unknownIntention(id);
  return problem('NOT_YOURS', `intention ${id} belongs to another participant`);
}

/** Where to look for a deal: `since` its initiator was posted, and `near` its decision, if it is decided. */
export interface DealPlace {
  readonly since: number;
  readonly near: number | undefined;
  /** What it is about. */
  readonly instrument: string;
}

/** The place of a deal that the caller may see. One that is not decided yet only its initiator sees, and who sees all. */
export async function dealFor(context: ServerContext, request: Asking, id: string): Promise<DealPlace | Problem> {
  const { caller } = request;
  const shards = context.stores.shardsOf({ deal: id });
  const point = pointIn(request.query, shards);
  const found = await context.reads.read({ query: 'deal', values: [id], shards, share: caller.key, point });
  if (!found.ok) return unavailable(found);
  const initiator = await intentionNow(context, request, id.split('-', 1)[0] ?? '');
  if (initiator !== undefined && 'code' in initiator) return initiator;
  const unknown = problem('UNKNOWN_DEAL', `there is no deal ${JSON.stringify(id)}`);
  if (initiator === undefined) return unknown;
  const { instrument } = initiator;
  if (found.value === undefined) {
    return maySee(caller, initiator.participant)
      ? { since: initiator.postedPosition, near: undefined, instrument }
      : unknown;
  }
  const deal = await showDeal(context, caller, id, found.value);
  if ('code' in deal) return deal;
  return { since: initiator.postedPosition, near: positionOfPlace(deal.position), instrument };
}

export function unknownIntention(id: string): Problem {
  return problem('UNKNOWN_INTENTION', `there is no intention ${JSON.stringify(id)}`);
}

/** Where the shards stood at the moment that is asked for. */
async function momentOf(
  { reads }: ServerContext,
  { caller, query }: Asking,
  shards: readonly number[],
): Promise<Heads | Problem> {
  const look = { kind: 'parts', parts: {} } as const;
  const found = await reads.look({ look, shards, share: caller.key, point: pointIn(query, shards) });
  return found.ok ? found.heads : unavailable(found);
}

async function intentionNow(
  { reads, stores }: ServerContext,
  { caller }: Asking,
  id: string,
): Promise<IntentionView | Problem | undefined> {
  const shards = stores.shardsOf({ intention: id });
  const found = await reads.read({ query: 'intention', values: [id], shards, share: caller.key });
  return found.ok ? found.value : unavailable(found);
}
