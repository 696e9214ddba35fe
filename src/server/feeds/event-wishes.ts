import { shardOfStream } from '../../../projections/store/places.js';
import { maySee } from '../../api/access.js';
import { type Problem, problem } from '../../api/problem.js';
import { catalogue } from '../../events/catalogue.js';
import type { ShardLog } from '../../log/port.js';
import type { ServerContext } from '../context.js';
import { type Caller, whyNotFor } from '../doors/access.js';
import { hidesCounterparties, partyOf, unavailable } from '../reads/reading.js';
import type { FeedWish, Framing } from './feed-source.js';

/** A feed of events as it is asked for, its fields checked one by one. */
export interface AskedEvents {
  /** First position; undefined for what is new. */
  readonly from?: number | undefined;
  /** Where it ends, if it does. */
  readonly until?: number | undefined;
  readonly shard?: number | undefined;
  readonly stream?: string | undefined;
  /** Types, separated by commas. */
  readonly type?: string | undefined;
}

/** What the caller is to be sent, or why it may not have that. */
export async function eventWish(
  context: ServerContext,
  caller: Caller,
  asked: AskedEvents,
  framing: Framing,
): Promise<FeedWish | Problem> {
  const log = whyNotFor('affairs', caller) ?? logOf(context, asked);
  if ('code' in log) return log;
  const range = (await whyNot(context, caller, asked)) ?? (await rangeOf(context, log, asked));
  if ('code' in range) return range;
  const { stream, type } = asked;
  // Types that there are not would be kept for nothing, however many are named.
  const types = type === undefined ? undefined : new Set(type.split(',').filter((name) => eventTypes.has(name)));
  return { shard: log.shard, framing, ...range, stream, types };
}

const eventTypes: ReadonlySet<string> = new Set(catalogue.map(({ type }) => type));

/** The log that was asked for: by its shard, by the stream, or the first. */
function logOf({ logs, stores }: ServerContext, { shard, stream }: AskedEvents): ShardLog | Problem {
  const [first] = stores.shards;
  const home = stream === undefined || logs.length === 1 ? undefined : shardOfStream(stream);
  if (home !== undefined && shard !== undefined && shard !== home)
    return problem('INVALID_COMMAND', `${JSON.stringify(stream)} is in the log of shard ${home}, not of ${shard}`);
  const wanted = shard ?? home ?? first;
  const log = logs.find((each) => each.shard === wanted);
  return log ?? problem('UNKNOWN_SHARD', `there is no shard ${wanted}; there are ${stores.shards.join(', ')}`);
}

/** The log holds everybody’s events: a participant may follow no more than its own intention. */
async function whyNot(context: ServerContext, caller: Caller, { stream }: AskedEvents): Promise<Problem | undefined> {
  if (caller.seesAll) return undefined;
  const refusal = problem('FORBIDDEN', 'with a participant’s key, ask for the stream of an intention of your own');
  const id = /^intention-(.+)$/.exec(stream ?? '')?.[1];
  if (id === undefined) return refusal;
  const party = await partyOf(context, caller.key, id);
  if ('code' in party) return party;
  if (!maySee(caller, party.participant)) return refusal;
  // Its events name the intentions that it has met.
  const isHidden = await hidesCounterparties(context, caller.key, party.instrument);
  return isHidden === true ? hidden : isHidden === false ? undefined : isHidden;
}

const hidden = problem('FORBIDDEN', 'this instrument hides counterparties, whom the events of an intention would name');

async function rangeOf(
  { reads }: ServerContext,
  { shard }: ShardLog,
  asked: AskedEvents,
): Promise<Pick<FeedWish, 'from' | 'until'> | Problem> {
  const durable = await reads.heads([shard]);
  if (!durable.ok) return unavailable(durable);
  const head = durable.heads.get(shard) ?? 0;
  const from = asked.from ?? head;
  // A reader that has seen more has seen another log, or what this one has lost: its feed would be silent until new events get there.
  if (from > head) return problem('POSITION_AHEAD', `position ${from} lies beyond the log’s head, ${head}`);
  const { until } = asked;
  return { from, ...(until !== undefined && { until: Math.max(from, Math.min(until, head)) }) };
}
