/** What of everything a call is about. */
import type { IntentionStatus, Position, Side } from './types.js';

/**
 * A look at an earlier moment: as of all events before a position, or before the first one that is later than a time.
 * With several shards a position does where the answer is of one of them.
 */
export interface Moment {
  readonly at?: number | undefined;
  /** RFC 3339. */
  readonly atTime?: string | undefined;
}

interface PageFilter {
  /** 1 to 1,000; 100 unless said otherwise. */
  readonly limit?: number | undefined;
}

export interface IntentionFilter extends PageFilter, Moment {
  /** Whose: for an operator, everybody's unless it says. A participant sees its own anyway. */
  readonly participant?: string | undefined;
  readonly instrument?: string | undefined;
  readonly side?: Side | undefined;
  readonly status?: IntentionStatus | undefined;
  /** The one intention of the participant with this client id, or none. */
  readonly clientIntentionId?: string | undefined;
  /** Only those with a larger id: that of the last one you have. */
  readonly after?: string | undefined;
}

/** Which open intentions to withdraw. */
export interface WithdrawFilter {
  /** Whose. A participant withdraws its own anyway; an operator who names nobody withdraws everybody's. */
  readonly participant?: string | undefined;
  readonly instrument?: string | undefined;
  readonly side?: Side | undefined;
}

export interface DealFilter extends PageFilter, Moment {
  /** On either side. A participant sees its own anyway. */
  readonly participant?: string | undefined;
  readonly instrument?: string | undefined;
  /** Id of an intention on either side. */
  readonly intention?: string | undefined;
  /** The first ones after this log position: that of the last one you have. Without it, the latest ones. */
  readonly after?: number | undefined;
  /** Only those before this log position. */
  readonly before?: number | undefined;
}

/** Which deals to follow. */
export interface DealFeedFilter extends Pick<DealFilter, 'participant' | 'instrument' | 'intention' | 'after'> {
  /** Without `after`: with how many of the latest ones it begins, 0 to 1,000. 100 unless said otherwise. */
  readonly latest?: number | undefined;
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}

export interface PositionFilter extends PageFilter, Moment {
  /** Whose: for an operator, everybody's unless it says. A participant sees its own anyway. */
  readonly participant?: string | undefined;
  /** Only those after this one: the last one you have. */
  readonly after?: Pick<Position, 'participant' | 'instrument'> | undefined;
}

export interface EventFilter {
  /** Whose log. That of the stream, or else the first, where it is left out. */
  readonly shard?: number | undefined;
  /** First log position wanted; only what is new where it is left out. */
  readonly from?: number | undefined;
  /** Only this stream. A participant must name the stream of an intention of its own. */
  readonly stream?: string | undefined;
  /** Only these types. */
  readonly type?: string | readonly string[] | undefined;
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}
