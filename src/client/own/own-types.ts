/** What a participant sees of its own affairs: its account at a position, and the stream that goes on from there. */
import type { Deal, Intention, IntentionStatus, Limits, LimitTerms, Position, Side } from '../types.js';

/** A dead man’s switch: what is open is withdrawn when it is not set again in time. */
export interface Switch {
  readonly participant: string;
  /** Milliseconds; 0: taken off. */
  readonly withinMs: number;
  /** When it lapses; absent where it is off. */
  readonly lapsesAt?: string;
  /** Of the event that set it, or up to where it was read; with several shards, for each by its number. */
  readonly position?: number;
  readonly positionByShard?: Readonly<Record<string, number>>;
}

/** Everything of a participant at one position of the log. The own stream goes on from there, without a gap. */
export interface Account {
  readonly participant: string;
  /** It holds all events before this log position. With several shards `positionByShard` instead. */
  readonly position?: number;
  readonly positionByShard?: Readonly<Record<string, number>>;
  /** The open ones, in the order of their ids. */
  readonly intentions: readonly Intention[];
  /** Only where more are open than are shown: these are the first 50,000. */
  readonly moreIntentions?: boolean;
  readonly positions: readonly Position[];
  /** Those after the position that was asked for, oldest first, 1,000 at most. */
  readonly deals: readonly Deal[];
  /** Whether there are more deals: go on after the last one. */
  readonly moreDeals: boolean;
  /** Its dead man’s switch, where one is set. */
  readonly switch?: { readonly withinMs: number; readonly lapsesAt: string };
  /** What an operator lets it do; absent where nothing is limited. */
  readonly limits?: readonly Limits[];
}

interface OwnMessageBase {
  readonly channel: 'own';
  /** Of the event in the log. */
  readonly position: number;
  /** Only where there are several shards: whose log the position is in. */
  readonly shard?: number;
}

interface OwnEvent extends OwnMessageBase {
  /** Only where all participants are followed. */
  readonly participant?: string;
  readonly at: string;
}

/** An intention as it stands after what has happened to it. */
interface OwnIntention extends OwnEvent {
  readonly id: string;
  readonly clientIntentionId: string;
  readonly instrument: string;
  readonly side: Side;
  readonly status: IntentionStatus;
  readonly open: string;
  readonly reserved: string;
  readonly filled: string;
}

export interface OwnPosted extends OwnIntention {
  readonly type: 'posted';
  /** With all its terms. */
  readonly intention: Intention;
}

/** It dealt. `counterparty` is absent where the instrument hides it. */
export interface OwnDealt extends OwnIntention {
  readonly type: 'dealt';
  readonly deal: string;
  readonly price: string;
  readonly quantity: string;
  readonly takerSide: Side;
  readonly counterparty?: string;
}

/** A proposal or acceptance holds some of it. */
export interface OwnReserved extends OwnIntention {
  readonly type: 'reserved';
  readonly deal: string;
  readonly price: string;
  readonly quantity: string;
}

/** A deal came to nothing, and holds it no more. */
export interface OwnReleased extends OwnIntention {
  readonly type: 'released';
  readonly deal: string;
}

export interface OwnReduced extends OwnIntention {
  readonly type: 'reduced';
  readonly by: string;
}

/** It has another limit or quantity, and has lost its place. */
export interface OwnAmended extends OwnIntention {
  readonly type: 'amended';
  readonly price: string;
}

export interface OwnWithdrawn extends OwnIntention {
  readonly type: 'withdrawn';
  readonly reason: NonNullable<Intention['closedReason']>;
}

export interface OwnExpired extends OwnIntention {
  readonly type: 'expired';
}

/** A limit refused a post: there is no intention. Of refusals by LIMIT_RATE only the first in a second is told. */
export interface OwnRefused extends OwnEvent {
  readonly type: 'refused';
  readonly clientIntentionId: string;
  readonly instrument: string;
  readonly code: 'LIMIT_OPEN_QUANTITY' | 'LIMIT_NET_POSITION' | 'HALTED' | 'LIMIT_RATE';
}

/** The dead man’s switch was set, or set again. */
export interface OwnSwitchSet extends OwnEvent {
  readonly type: 'switchSet';
  /** Milliseconds; 0: it was taken off. */
  readonly withinMs: number;
  /** Absent where it was taken off. */
  readonly lapsesAt?: string;
}

/** The switch was not set again in time: it is off, and what is open is withdrawn next. */
export interface OwnSwitchLapsed extends OwnEvent {
  readonly type: 'switchLapsed';
}

/** An operator set limits, in place of those before: in one instrument, or in each on its own. */
export interface OwnLimitsSet extends OwnEvent, LimitTerms {
  readonly type: 'limitsSet';
  readonly halted: boolean;
}

/** Nothing else happened before this position. */
export interface OwnUpTo extends OwnMessageBase {
  readonly type: 'upTo';
}

export type OwnMessage =
  | OwnPosted
  | OwnDealt
  | OwnReserved
  | OwnReleased
  | OwnReduced
  | OwnAmended
  | OwnWithdrawn
  | OwnExpired
  | OwnRefused
  | OwnSwitchSet
  | OwnSwitchLapsed
  | OwnLimitsSet
  | OwnUpTo;
