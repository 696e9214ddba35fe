/**
 * What may be asked of an exchange, in the words and decimal strings of its users, and what it answers. An answer comes once
 * everything it rests on is durable.
 */
import type { Refusal } from '../domain/refusal.js';
import type { withdrawReasonNames } from '../domain/terms.js';

export { shardOf } from '../domain/ids.js';
export {
  counterpartiesNames,
  MAX_LOTS,
  MAX_TICKS,
  postRefusalNames,
  priceRuleNames,
  selfTradeNames,
  withdrawReasonNames,
} from '../domain/terms.js';
export { refusals, refuse, type Refusal, type RefusalCode } from '../domain/refusal.js';

/**
 * When an answer is given. `durable`: once everything it rests on is durable; the only one that may leave the process. `recorded`: as
 * soon as its turns have run, for callers that hold it back themselves.
 */
export type AnswerWhen = 'durable' | 'recorded';

export type Answer<Value> = ({ readonly ok: true } & Value) | Refusal;

export interface PostIntention {
  /** The client's own id: the same one posted twice is one intention. 1–64 printable ASCII characters. */
  readonly clientIntentionId: string;
  readonly participant: string;
  /** Symbol of a listed instrument. */
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  /** `limit` unless said otherwise. */
  readonly type?: 'limit' | 'market' | undefined;
  /** Decimal string; required for a limit intention, absent for a market one. */
  readonly price?: string | undefined;
  /** Decimal string. */
  readonly quantity: string;
  /** `gtc` unless said otherwise; a market intention is `ioc`. */
  readonly timeInForce?: 'gtc' | 'ioc' | 'fok' | 'gtd' | undefined;
  /** For gtd: RFC 3339 date and time. */
  readonly expiresAt?: string | undefined;
  readonly postOnly?: boolean | undefined;
  /**
   * RFC 3339 date and time: taken later than that it is refused, and nothing is done. No part of the content that the client's id
   * stands for.
   */
  readonly validUntil?: string | undefined;
}

/** The acknowledgement of a post: the same, however often it is posted. */
export interface IntentionAcknowledged {
  readonly id: string;
  readonly clientIntentionId: string;
  readonly participant: string;
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market';
  readonly price?: string;
  readonly quantity: string;
  readonly timeInForce: 'gtc' | 'ioc' | 'fok' | 'gtd';
  readonly expiresAt?: string;
  readonly postOnly: boolean;
  /** Position of its IntentionPosted in the log. */
  readonly position: number;
  /** As of the end of its own turn, as is all that follows. */
  readonly status: IntentionStatus;
  readonly filled: string;
  readonly open: string;
  /** Of all its deals; absent where there is none. Rounded half up to six decimals more than a price has. */
  readonly averagePrice?: string;
  /** Why the rest was withdrawn. */
  readonly closedReason?: WithdrawReasonName;
  /** In the order of the log, the first 1,000. */
  readonly deals: readonly DealtAtOnce[];
  /** How many deals more there were. */
  readonly dealsLeftOut?: number;
}

/** A deal that an intention made as it arrived. */
export interface DealtAtOnce {
  readonly id: string;
  readonly price: string;
  readonly quantity: string;
  /** Of its DealConfirmed in the log. */
  readonly position: number;
}

/**
 * A command about one intention, which `id` names, or `clientIntentionId` together with `participant`. `participant` restricts it to
 * that participant's own; an operator who names an id leaves it out.
 */
export interface WithdrawIntention {
  readonly id?: string | undefined;
  readonly clientIntentionId?: string | undefined;
  /** Beside a client's id: the instrument that it was posted for. Where there are several shards, it tells the shard. */
  readonly instrument?: string | undefined;
  readonly participant?: string | undefined;
  /** RFC 3339 date and time: taken later than that it is refused, and nothing is done. */
  readonly validUntil?: string | undefined;
}

/** A command that changes an intention. */
interface ChangeIntention extends WithdrawIntention {
  /** The client's own id of the command, 1–64 printable ASCII characters: sent again while the intention is open, it is done once. */
  readonly clientCommandId?: string | undefined;
}
export interface ReduceIntention extends ChangeIntention {
  /** By how much, as a decimal string; it keeps its place. */
  readonly by: string;
}
/** One of `price` and `quantity` at least. */
export interface ReplaceIntention extends ChangeIntention {
  /** New limit: it loses its place and may deal at once. */
  readonly price?: string | undefined;
  /**
   * New open quantity (what is left to deal from now on). Without a price, a smaller one keeps the place, a larger one loses it, and
   * one that is equal changes nothing.
   */
  readonly quantity?: string | undefined;
}

/** Which open intentions to withdraw; whatever is left out restricts nothing. */
export interface WithdrawAll {
  readonly participant?: string | undefined;
  readonly instrument?: string | undefined;
  readonly side?: 'buy' | 'sell' | undefined;
  /** RFC 3339 date and time: begun later than that it is refused, and nothing is done. */
  readonly validUntil?: string | undefined;
  /** What the log says of why: `requested` unless the participant's connection has ended, who had asked for that. */
  readonly reason?: 'requested' | 'disconnected' | undefined;
}

/** One of many that were withdrawn. */
export interface WithdrawnIntention {
  readonly id: string;
  readonly filled: string;
}

/** What withdrawing many came to. */
export interface AllWithdrawn {
  readonly withdrawn: number;
  /** The first 1,000 of them. */
  readonly intentions: readonly WithdrawnIntention[];
  /** By shard: everything that was done there stands before this position. */
  readonly positions: ReadonlyMap<number, number>;
}

/** What a withdrawal, reduction or replacement did. */
export interface IntentionChanged {
  readonly id: string;
  readonly status: IntentionStatus;
  /** Open quantity after the command and the deals it led to. */
  readonly open: string;
  readonly filled: string;
  /** Why it was withdrawn. */
  readonly closedReason?: WithdrawReasonName;
  /** Log position of the event that recorded the command; where it changed nothing, the log's head. */
  readonly position: number;
}

export type WithdrawReasonName = (typeof withdrawReasonNames)[number];

export type IntentionStatus = 'open' | 'filled' | 'withdrawn' | 'expired';

export interface ListInstrument {
  readonly symbol: string;
  /** Decimal strings. */
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minPrice?: string | undefined;
  readonly maxPrice?: string | undefined;
  /** Default `standing`. */
  readonly priceRule?: 'standing' | 'seller' | 'midpoint' | undefined;
  /** Default `allow`. */
  readonly selfTrade?: 'allow' | 'refuseArriving' | 'withdrawStanding' | undefined;
  /** Default `shown`. */
  readonly counterparties?: 'shown' | 'hidden' | undefined;
}

export interface InstrumentView {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minPrice: string;
  readonly maxPrice: string;
  readonly priceRule: 'standing' | 'seller' | 'midpoint';
  readonly selfTrade: 'allow' | 'refuseArriving' | 'withdrawStanding';
  readonly counterparties: 'shown' | 'hidden';
  readonly phase: 'continuous' | 'call';
}

/** Which of the listed instruments. */
export interface InstrumentsPage {
  /** Only those after this one. */
  readonly after?: string | undefined;
  /** How many at most. */
  readonly limit: number;
}

/** What is listed, shard after shard, as of all events before these positions: one for each shard that was looked into, by its number. */
export interface InstrumentList {
  readonly instruments: readonly InstrumentView[];
  readonly positions: ReadonlyMap<number, number>;
  /** Whether more come after these. */
  readonly hasMore: boolean;
}

export interface ChangePhase {
  readonly instrument: string;
  readonly phase: 'continuous' | 'call';
}

export interface Uncross {
  readonly instrument: string;
}
/** `price` is absent when nothing could be dealt. */
export interface AuctionResult {
  readonly instrument: string;
  readonly price?: string;
  readonly volume: string;
  readonly deals: number;
  readonly position: number;
}

export interface BookLevel {
  readonly price: string;
  readonly quantity: string;
  readonly intentions: number;
}
export interface BookView {
  readonly instrument: string;
  readonly phase: 'continuous' | 'call';
  /** The book stands as of all events before this position. */
  readonly position: number;
  /** Best first. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface ShardStatus {
  readonly shard: number;
  readonly epoch: number;
  /** `serving`, `recovering` (rebuilding a negotiator or starting), `stopped` (its log failed). */
  readonly state: 'recovering' | 'serving' | 'stopped';
  readonly reason?: string;
  /** Position that the next event gets. */
  readonly head: number;
  /** All events before this position are durable. */
  readonly durable: number;
  readonly openIntentions: number;
  readonly intentions: number;
  readonly deals: number;
  readonly commits: number;
  /** How long the log took to make their batches durable, together. */
  readonly commitMs: number;
  readonly bytesCommitted: number;
  /** How often a negotiator failed and was rebuilt from its stream, since this process opened the shard. */
  readonly rebuilt: number;
  readonly parked: number;
  /** How often this process has opened it: more than once where its log failed, or was away. */
  readonly openings: number;
  /** How far the log's time is ahead of this machine's clock; 0 where it is not. */
  readonly aheadOfClockMs: number;
}
