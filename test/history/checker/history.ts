/**
 * The input of the checker: what clients asked and were answered, each with its times, and the log as the exchange showed it over HTTP.
 * Plain JSON; nothing of the exchange's own code is known here or in any file beside this one.
 */

export interface PostBody {
  readonly clientIntentionId: string;
  readonly participant: string;
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  readonly type?: 'limit' | 'market';
  readonly price?: string;
  readonly quantity: string;
  readonly timeInForce?: 'gtc' | 'gtd' | 'ioc' | 'fok';
  readonly expiresAt?: string;
  readonly postOnly?: boolean;
}

export interface InstrumentBody {
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minPrice: string;
  readonly maxPrice: string;
  readonly priceRule: 'standing' | 'seller' | 'midpoint';
  readonly selfTrade: 'allow' | 'refuseArriving' | 'withdrawStanding';
}

export type PhaseName = 'continuous' | 'call';

export type Command =
  | { readonly kind: 'post'; readonly body: PostBody }
  | { readonly kind: 'withdraw'; readonly id: string }
  | { readonly kind: 'reduce'; readonly id: string; readonly by: string }
  | { readonly kind: 'replace'; readonly id: string; readonly price: string; readonly quantity: string }
  | { readonly kind: 'list'; readonly symbol: string; readonly body: InstrumentBody }
  | { readonly kind: 'phase'; readonly symbol: string; readonly phase: PhaseName }
  | { readonly kind: 'uncross'; readonly symbol: string };

export interface IntentionsQuery {
  readonly participant: string;
  readonly status?: 'open' | 'filled' | 'withdrawn' | 'expired';
  readonly after?: string;
  readonly limit: number;
}

export interface DealsQuery {
  readonly participant?: string;
  readonly instrument?: string;
  readonly intention?: string;
  readonly after?: number;
  readonly limit: number;
}

export type Query =
  | { readonly kind: 'book'; readonly symbol: string; readonly depth: number }
  | { readonly kind: 'instruments' }
  | { readonly kind: 'instrument'; readonly symbol: string }
  | { readonly kind: 'intention'; readonly id: string }
  | { readonly kind: 'intentions'; readonly query: IntentionsQuery }
  | { readonly kind: 'deals'; readonly query: DealsQuery }
  | { readonly kind: 'positions'; readonly participant?: string; readonly limit: number };

/** So many events from a position on, as the feed brought them; its body is a list of events. */
export interface Following {
  readonly kind: 'events';
  readonly from: number;
}

export type Ask = Command | Query | Following;

export type Json = Readonly<Record<string, unknown>>;

export interface Reply {
  readonly status: number;
  readonly body: Json;
}

export interface Operation<Asked extends Ask = Ask> {
  /** Its place among all, in the order in which they were begun. */
  readonly number: number;
  readonly ask: Asked;
  /** Which of several was asked, from 0 on. What is promised does not depend on it. */
  readonly member?: number;
  /** Milliseconds of one monotonic clock. */
  readonly beganMs: number;
  /** When it was answered, or when it was known that no answer comes. */
  readonly endedMs: number;
  /** Undefined where the connection broke. */
  readonly reply: Reply | undefined;
}

/** An event as `GET /v1/events` shows it: `position`, `stream`, `type`, and what the type has. */
export type LogEvent = Json & { readonly position: number; readonly type: string };

export interface History {
  readonly operations: readonly Operation[];
  /** The whole log from position 0, read after the last operation but the repetitions. */
  readonly log: readonly LogEvent[];
}

const commandKinds: readonly string[] = ['post', 'withdraw', 'reduce', 'replace', 'list', 'phase', 'uncross'];

export function isCommand(operation: Operation): operation is Operation<Command> {
  return commandKinds.includes(operation.ask.kind);
}

export function isFollowing(operation: Operation): operation is Operation<Following> {
  return operation.ask.kind === 'events';
}

export function isQuery(operation: Operation): operation is Operation<Query> {
  return !isCommand(operation) && !isFollowing(operation);
}

/** `done`: it took effect. `refused`: it did not. `unknown`: a broken connection, or a 5xx. */
export function outcomeOf({ reply }: Operation): 'done' | 'refused' | 'unknown' {
  if (reply === undefined || reply.status >= 500) return 'unknown';
  return reply.status < 300 ? 'done' : 'refused';
}

/** The log position that an answer carries, if it does. */
export function positionIn(reply: Reply | undefined): number | undefined {
  const position = reply?.body.position;
  return typeof position === 'number' ? position : undefined;
}
