/** The shapes that Parley's HTTP interface takes and gives. Prices, quantities and sums are decimal strings, times RFC 3339. */

export type Side = 'buy' | 'sell';
export type TimeInForce = 'gtc' | 'ioc' | 'fok' | 'gtd';
export type IntentionStatus = 'open' | 'filled' | 'withdrawn' | 'expired';
export type Phase = 'continuous' | 'call';
export type PriceRule = 'standing' | 'seller' | 'midpoint';
/** Whether the parties of a deal are told of each other. */
export type Counterparties = 'shown' | 'hidden';
export type SelfTrade = 'allow' | 'refuseArriving' | 'withdrawStanding';

/** A wish to buy or sell, as it is posted. */
export interface PostIntention {
  /** Your own id, 1 to 64 printable ASCII characters: posted twice with the same content, it is one intention. */
  readonly clientIntentionId: string;
  /** Who trades. The key's participant where it is left out; an operator names one. */
  readonly participant?: string | undefined;
  /** Symbol of a listed instrument. */
  readonly instrument: string;
  readonly side: Side;
  /** `limit` unless said otherwise. */
  readonly type?: 'limit' | 'market' | undefined;
  /** The limit. A market intention has none. */
  readonly price?: string | undefined;
  readonly quantity: string;
  /** `gtc` unless said otherwise; a market intention is `ioc`. */
  readonly timeInForce?: TimeInForce | undefined;
  /** For gtd, and only then: a time in the future. */
  readonly expiresAt?: string | undefined;
  /** Refused if it would deal at once. */
  readonly postOnly?: boolean | undefined;
  /** Taken later than that, it is refused as TOO_LATE, and nothing is done. One that was taken in time is answered as it was. */
  readonly validUntil?: string | undefined;
}

/** What an intention was posted as. */
interface PostedTerms {
  readonly id: string;
  readonly clientIntentionId: string;
  readonly participant: string;
  readonly instrument: string;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  readonly price?: string;
  readonly quantity: string;
  readonly timeInForce: TimeInForce;
  readonly expiresAt?: string;
  readonly postOnly: boolean;
}

/** The acknowledgement of a post, and what came of it in its own turn: permanently the same, however often it is posted. */
export interface IntentionAcknowledged extends PostedTerms {
  /** Of its IntentionPosted in the log. */
  readonly position: number;
  readonly status: IntentionStatus;
  readonly filled: string;
  /** Left to deal. */
  readonly open: string;
  /** Of all its deals; absent where there is none. Rounded half up to six decimals more than a price has. */
  readonly averagePrice?: string;
  /** Why the rest was withdrawn. */
  readonly closedReason?: ClosedReason;
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
  /** Of the decision in the log. */
  readonly position: number;
}

export type ClosedReason =
  | 'requested'
  | 'immediateOrCancel'
  | 'fillOrKill'
  | 'marketRemainder'
  | 'selfTrade'
  | 'parked'
  | 'switchLapsed'
  | 'halted'
  | 'disconnected';

/** An intention as it stands. */
export interface Intention extends PostedTerms {
  readonly status: IntentionStatus;
  /** Left to deal. */
  readonly open: string;
  /** Held by a proposal or acceptance that is not decided yet. */
  readonly reserved: string;
  readonly filled: string;
  readonly postedAt: string;
  readonly postedPosition: number;
  /** The terms it was posted with, before reductions and replacements. */
  readonly postedPrice?: string;
  readonly postedQuantity: string;
  /** Why it was withdrawn. */
  readonly closedReason?: ClosedReason;
  readonly closedAt?: string;
  readonly closedPosition?: number;
}

/** What a withdrawal, reduction or replacement did. */
export interface IntentionChanged {
  readonly id: string;
  readonly status: IntentionStatus;
  /** Left after the command and the deals it led to. */
  readonly open: string;
  readonly filled: string;
  /** Why it was withdrawn. */
  readonly closedReason?: ClosedReason;
  /** Of the event that recorded the command; of one that had closed before, of its end. */
  readonly position: number;
}

/** What withdrawing all came to for one intention: as it was listed, but for its status and what is open and filled, which are as they are now. */
export interface Withdrawal extends Intention {
  /** `closedMeanwhile`: it was filled, or was withdrawn or expired otherwise, before its turn came; `status` says which. */
  readonly outcome: 'withdrawn' | 'closedMeanwhile';
}

/** The answer to one post of many. */
export type PostAnswer =
  | {
      readonly ok: true;
      /** Counts the intentions of the stream from 0. */
      readonly index: number;
      readonly intention: IntentionAcknowledged;
    }
  | {
      readonly ok: false;
      readonly index: number;
      /** HTTP status that the post would have had alone. 5xx: whether it was posted is unknown, so post it again. */
      readonly status: number;
      readonly code: string;
      readonly detail: string;
    };

/** A confirmed deal. */
export interface Deal {
  /** The initiator's intention id and its proposal count: `12-3`. */
  readonly id: string;
  readonly outcome: 'confirmed';
  /** Of the decision in the log. */
  readonly position: number;
  readonly at: string;
  readonly instrument: string;
  readonly price: string;
  readonly quantity: string;
  /** Side of the intention that arrived, and accepted. */
  readonly takerSide: Side;
  /** Of the other side absent where the instrument hides counterparties from you. */
  readonly buyer?: string;
  readonly seller?: string;
  readonly buyerIntention?: string;
  readonly sellerIntention?: string;
  /** Only where there are several shards: the one that decided it. */
  readonly shard?: number;
}

/** A handshake that came to nothing. */
export interface AbortedDeal {
  readonly id: string;
  readonly outcome: 'aborted';
  /** Of the decision in the log. */
  readonly position: number;
  readonly at: string;
  readonly reason: 'declined' | 'initiatorDeadline' | 'responderDeadline' | 'parked' | 'recovery';
  /** Of the other side absent where the instrument hides counterparties from you. */
  readonly initiatorIntention?: string;
  readonly responderIntention?: string;
  /** Only where there are several shards: the one that decided it. */
  readonly shard?: number;
}

/** What a participant has of an instrument through its deals. */
export interface Position {
  readonly participant: string;
  readonly instrument: string;
  readonly bought: string;
  readonly sold: string;
  /** Bought minus sold. */
  readonly net: string;
  /** Received minus paid. */
  readonly cash: string;
}

export interface BookLevel {
  readonly price: string;
  readonly quantity: string;
  readonly intentions: number;
}

export interface Book {
  readonly instrument: string;
  readonly phase: Phase;
  /** The book stands as of all events before this log position. */
  readonly position: number;
  /** Best first. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** CRC-32 over the ten best levels of each side, whatever the depth that was asked for. */
  readonly checksum: number;
  /** Only where there are several shards: the one that lists the instrument, in whose log the position is. */
  readonly shard?: number;
  /** Only where its shard has stopped: the book is then what is durable of it. */
  readonly state?: 'stopped';
  /** Why it has stopped. */
  readonly reason?: string;
}

/** The terms of an instrument, as an operator lists it. */
export interface InstrumentTerms {
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minPrice?: string | undefined;
  readonly maxPrice?: string | undefined;
  /** Whose price a deal is made at; `standing` unless said otherwise. */
  readonly priceRule?: PriceRule | undefined;
  /** When an arriving intention meets a standing one of the same participant; `allow` unless said otherwise. */
  readonly selfTrade?: SelfTrade | undefined;
  /** `shown` unless said otherwise. */
  readonly counterparties?: Counterparties | undefined;
}

export interface Instrument {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minPrice: string;
  readonly maxPrice: string;
  readonly priceRule: PriceRule;
  readonly selfTrade: SelfTrade;
  readonly counterparties: Counterparties;
  readonly phase: Phase;
}

/** `price` is absent when nothing could be dealt. */
export interface AuctionResult {
  readonly instrument: string;
  readonly price?: string;
  readonly volume: string;
  readonly deals: number;
  readonly position: number;
}

/** What an operator lets a participant have and do, in an instrument or in each on its own. What is absent is not limited. */
export interface LimitTerms {
  /** Each instrument on its own where it is left out. */
  readonly instrument?: string | undefined;
  /** The most that may be open in one instrument, buys and sells together. */
  readonly openQuantity?: string | undefined;
  /** How far the position in one instrument may go either way if all that is open dealt. */
  readonly netPosition?: string | undefined;
  readonly intentionsPerSecond?: number | undefined;
  /** Nothing may be posted, replaced or made larger. */
  readonly halted?: boolean | undefined;
}

/** Limits as they are set. */
export interface Limits extends LimitTerms {
  readonly participant: string;
  readonly halted: boolean;
}

/** An event of the log, with the fields of its type: `IntentionPosted`, `DealConfirmed`, … Quantities are lots, prices ticks. */
export interface RecordedEvent {
  readonly position: number;
  /** `intention-ID`, `deal-ID` or `shard-N`. */
  readonly stream: string;
  readonly type: string;
  readonly version: number;
  readonly [field: string]: string | number | boolean;
}

export interface CallOptions {
  /** Gives the call up: it rejects with the signal's reason. Whether a command was carried out is then unknown. */
  readonly signal?: AbortSignal | undefined;
}

export interface CommandOptions extends CallOptions {
  /** Taken later than that, it is refused as TOO_LATE, and nothing is done. */
  readonly validUntil?: string | undefined;
}

export interface ChangeOptions extends CommandOptions {
  /** Your own id of the command, 1 to 64 printable ASCII characters; made up unless given. Done again under it is done once. */
  readonly clientCommandId?: string | undefined;
}
