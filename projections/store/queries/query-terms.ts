import type { CandleInterval } from '../../tape/candles.js';
import type { sideNames } from '../../../src/domain/terms.js';
import type { statusNames } from '../database/status.js';

/** No answer has more rows than this, whatever is asked. */
export const MAX_ROWS = 1000;
const DEFAULT_ROWS = 100;

/** The question makes no sense; nothing was looked up. */
export class InvalidQueryError extends Error {
  override readonly name = 'InvalidQueryError';
  readonly code = 'INVALID_QUERY';
}

/** Which deals. With `after`, the first ones after that position; without it, the latest ones. Always in log order. */
export interface DealsQuery {
  /** Name of a participant on either side. */
  readonly participant?: string | undefined;
  readonly instrument?: string | undefined;
  /** Id of an intention on either side. */
  readonly intention?: string | undefined;
  /** The participant that is shown them, and may not know of every counterparty; without it, who sees all. */
  readonly viewer?: string | undefined;
  /** Only deals after this position, and before that one. */
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /** As of an earlier position: only what stands before it. Of one shard alone. */
  readonly at?: number | undefined;
  /** 100 unless said otherwise, 1000 at most. */
  readonly limit?: number | undefined;
}

/** Which intentions, in the order of their ids. */
export interface IntentionsQuery {
  readonly participant?: string | undefined;
  readonly instrument?: string | undefined;
  readonly side?: (typeof sideNames)[number] | undefined;
  readonly status?: (typeof statusNames)[number] | undefined;
  /** Only those with a larger id than this one. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** Which positions, by participant in order of admission, then by instrument in order of listing; or both by name. */
export interface PositionsQuery {
  /** By name: an order that several shards share, in which `after` need not be known here. It costs a walk through all of them. */
  readonly byName?: boolean | undefined;
  readonly participant?: string | undefined;
  /** Go on after this one. */
  readonly after?: { readonly participant: string; readonly instrument: string } | undefined;
  readonly limit?: number | undefined;
}

/** Which limits, by participant and then by instrument; those for every instrument, which has the name '' here, before the others. */
export interface LimitsQuery {
  readonly participant?: string | undefined;
  /** Go on after this one. */
  readonly after?: { readonly participant: string; readonly instrument: string } | undefined;
  /** All, unless it is given. */
  readonly limit?: number | undefined;
}

/** Which instruments, in the order in which they were first listed. */
export interface InstrumentsQuery {
  /** Only those after this one. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** Which trades of an instrument, in log order: with `after` the first ones after that position, without it the latest ones. */
export interface TradesQuery {
  readonly instrument: string;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /** As of an earlier position: only those before it. */
  readonly at?: number | undefined;
  readonly limit?: number | undefined;
}

/** Which candles, oldest first: with `from` the first ones from that time on, without it the latest ones. */
export interface CandlesQuery {
  readonly instrument: string;
  readonly interval: CandleInterval;
  /** As of an earlier position: what they were before it. */
  readonly at?: number | undefined;
  readonly fromMs?: number | undefined;
  /** Only those that start before this. */
  readonly untilMs?: number | undefined;
  readonly limit?: number | undefined;
}

/** The time for which tickers are told: its minute is the last of their window. */
export interface TickerQuery {
  readonly nowMs: number;
}

/** Which tickers, in the order in which their instruments were first listed. */
export type TickersQuery = TickerQuery & InstrumentsQuery;

/** A participant's affairs, and of its deals those after a position: none without it. */
export interface AccountQuery {
  readonly participant: string;
  /** As in DealsQuery. */
  readonly viewer?: string | undefined;
  readonly after?: number | undefined;
  /** How many deals; 1,000 unless said otherwise, and at most. */
  readonly limit?: number | undefined;
}

/** How many rows to give: what was asked for, as far as the bound. */
export function limited(limit: number | undefined): number {
  return limit === undefined ? DEFAULT_ROWS : Math.min(MAX_ROWS, counted('limit', limit, 1));
}

/** A position, time or count that somebody gave. */
export function counted(name: string, value: number, least = 0): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new InvalidQueryError(`${name}: a whole number from ${least} up`);
}

/** The number of an intention from its id, which is written in one way only; undefined when no intention can have that id. */
export function numberOf(id: string): number | undefined {
  const number = /^(?:0|[1-9][0-9]{0,15})$/.test(id) ? Number(id) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}
