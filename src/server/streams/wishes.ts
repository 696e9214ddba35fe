import { type BookRate, bookRates, type StreamChannel } from '../../../projections/streams/messages.js';
import { type Actor, actingFor } from '../../api/access.js';
import { type Problem, problem } from '../../api/problem.js';
import type { ServerContext } from '../context.js';
import { type Access, type Caller, whyNotFor } from '../doors/access.js';
import type { Framing } from '../feeds/feed-source.js';
import { readInstrument } from '../reads/market-reading.js';
import { unavailable } from '../reads/reading.js';
import type { StreamWish } from './stream-source.js';

/** A stream as it is asked for, its fields checked one by one (src/api/schemas/stream-schemas.ts). */
export interface AskedStream {
  readonly channel: StreamChannel;
  readonly instrument?: string | undefined;
  readonly rate?: string | undefined;
  /** Of trades and own: what is about events after this position, that of the last message that the reader has; or from this one on. */
  readonly after?: number | undefined;
  readonly from?: number | undefined;
  readonly participant?: string | undefined;
  readonly shard?: number | undefined;
}

/** Whose keys a channel takes. */
export const accessOf = {
  book: 'market',
  trades: 'market',
  ticker: 'market',
  own: 'affairs',
} as const satisfies Readonly<Record<StreamChannel, Access>>;

/** What the caller is to be sent, or why it may not have that. */
export async function streamWish(
  context: ServerContext,
  caller: Caller,
  asked: AskedStream,
  framing: Framing,
): Promise<StreamWish | Problem> {
  const { channel } = asked;
  const subject = whyNotFor(accessOf[channel], caller) ?? (await subjectOf(context, caller, asked));
  if ('code' in subject) return subject;
  const wish: StreamWish = { channel, framing, ...subject };
  if (channel === 'book' || channel === 'ticker') return wish;
  const from = await firstPosition(context, subject.shard, asked);
  return typeof from === 'number' ? { ...wish, from } : from;
}

type Subject = Omit<StreamWish, 'channel' | 'framing' | 'from'>;

function subjectOf(
  context: ServerContext,
  caller: Caller,
  asked: AskedStream,
): Promise<Subject | Problem> | Subject | Problem {
  const { channel, instrument, rate } = asked;
  if (channel === 'own') return whoseOf(context, caller, asked);
  if (instrument === undefined) return problem('INVALID_COMMAND', `a stream of channel ${channel} names an instrument`);
  if (channel !== 'book') return ofInstrument(context, caller, instrument);
  return rate === undefined || isRate(rate)
    ? ofInstrument(context, caller, instrument, rate)
    : problem('INVALID_COMMAND', `rate is one of ${bookRates.join(', ')}`);
}

function isRate(text: string): text is BookRate {
  return (bookRates as readonly string[]).includes(text);
}

function whoseOf({ stores }: ServerContext, caller: Actor, asked: AskedStream): Subject | Problem {
  const participant = actingFor(caller, asked.participant);
  if (typeof participant === 'object') return participant;
  const shard = asked.shard ?? stores.shards[0] ?? 0;
  if (stores.shards.includes(shard)) return { shard, participant, seesAll: caller.seesAll };
  return problem('UNKNOWN_SHARD', `there is no shard ${shard}; there are ${stores.shards.join(', ')}`);
}

async function ofInstrument(
  context: ServerContext,
  { key }: Caller,
  instrument: string,
  rate?: BookRate,
): Promise<Subject | Problem> {
  const [shard] = context.stores.shardsOf({ instrument });
  const listed = await readInstrument(context, key, instrument);
  if (listed === undefined || shard === undefined)
    return problem('UNKNOWN_INSTRUMENT', `no instrument ${JSON.stringify(instrument)} is listed`);
  return 'code' in listed ? listed : { shard, instrument, rate };
}

/** After what the reader has, else only what is new. */
async function firstPosition(
  { reads }: ServerContext,
  shard: number,
  { after, from: first }: AskedStream,
): Promise<number | Problem> {
  if (after !== undefined && first !== undefined) return problem('INVALID_COMMAND', 'give `after` or `from`, not both');
  const durable = await reads.heads([shard]);
  if (!durable.ok) return unavailable(durable);
  const head = durable.heads.get(shard) ?? 0;
  const from = after === undefined ? (first ?? head) : after + 1;
  // A reader that has seen more has seen another log, or what this one has lost: its stream would be silent until new events get there.
  return from > head ? problem('POSITION_AHEAD', `position ${from} lies beyond the log’s head, ${head}`) : from;
}
