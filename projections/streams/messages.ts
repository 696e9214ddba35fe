/** What streams say: one object a message, as it is sent. Prices and quantities are decimal strings, times RFC 3339, positions those of the log. */
import type { phaseNames, postRefusalNames, sideNames, withdrawReasonNames } from '../../src/domain/terms.js';
import type { BookLevel } from '../book/views.js';
import type { TickerView } from '../tape/ticker.js';
import type { LimitTermsView } from '../store/queries/risk-views.js';
import type { IntentionView } from '../store/queries/views.js';

export const streamChannels = ['book', 'trades', 'ticker', 'own'] as const;
export type StreamChannel = (typeof streamChannels)[number];

/** How often a stream of a book says what has changed: after each batch of the log that changed it, or at most ten times a second. */
export const bookRates = ['batch', '100ms'] as const;
export type BookRate = (typeof bookRates)[number];

/** What every message has. */
interface Told<Channel extends StreamChannel, Type extends string> {
  readonly channel: Channel;
  readonly type: Type;
  /** Of an event: its own. Of a book or ticker: it shows all events before this one. */
  readonly position: number;
  /** Only where there are several shards: in whose log the position is. */
  readonly shard?: number;
}

/** The whole book: what was known of it before is void. */
export interface BookSnapshot extends Told<'book', 'snapshot'> {
  readonly instrument: string;
  readonly phase: (typeof phaseNames)[number];
  /** All levels, best first. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** CRC-32 of the ten best levels of each side. */
  readonly checksum: number;
}

/** What has changed since the message before. */
export interface BookDiff extends Told<'book', 'diff'> {
  readonly instrument: string;
  /** The position of the message before. */
  readonly from: number;
  /** Only where it has changed. */
  readonly phase?: (typeof phaseNames)[number];
  /** The levels that changed, as they are now; one that is gone has quantity "0" and no intentions. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** Of the book after it. */
  readonly checksum: number;
}

export interface TradeMessage extends Told<'trades', 'trade'> {
  readonly instrument: string;
  readonly at: string;
  readonly price: string;
  readonly quantity: string;
  readonly takerSide: (typeof sideNames)[number];
}

export type TickerMessage = Told<'ticker', 'ticker'> & TickerView;

/** Which intention an event is about, and how it stands after it. */
export interface IntentionState {
  readonly id: string;
  readonly clientIntentionId: string;
  readonly instrument: string;
  readonly side: (typeof sideNames)[number];
  readonly status: IntentionView['status'];
  readonly open: string;
  readonly reserved: string;
  readonly filled: string;
}

/** `participant`: only where a stream is about all of them. `at`: the time of the latest event that has one. */
interface OwnTold<Type extends string> extends Told<'own', Type> {
  readonly participant?: string;
  readonly at: string;
}

type OfIntention<Type extends string> = OwnTold<Type> & IntentionState;

/** What an event did to a participant, or to an intention of its own. */
export type OwnEvent = IntentionEvent | RiskEvent;

/** What of switches and limits is about the participant and about no intention. */
export type RiskEvent =
  /** A limit refused a post: there is no intention. Of refusals by LIMIT_RATE only the first in a second is recorded. */
  | (OwnTold<'refused'> & {
      readonly clientIntentionId: string;
      readonly instrument: string;
      readonly code: (typeof postRefusalNames)[number];
    })
  /** `withinMs` 0: it was taken off, and lapses no more. */
  | (OwnTold<'switchSet'> & { readonly withinMs: number; readonly lapsesAt?: string })
  /** It is off now, and what is open is withdrawn next. */
  | OwnTold<'switchLapsed'>
  /** In place of what was set there before: in one instrument, or in each on its own. */
  | (OwnTold<'limitsSet'> & LimitTermsView);

type IntentionEvent =
  /** With all that is known of it, as `GET /v1/intentions/{id}` shows it. */
  | (OfIntention<'posted'> & { readonly intention: IntentionView })
  /** It got its part of a deal. */
  | (OfIntention<'dealt'> & {
      readonly deal: string;
      readonly price: string;
      readonly quantity: string;
      readonly takerSide: (typeof sideNames)[number];
      readonly counterparty?: string;
    })
  /** It promised `quantity` to a deal that is not decided yet. */
  | (OfIntention<'reserved'> & { readonly deal: string; readonly price: string; readonly quantity: string })
  /** A deal came to nothing; what was promised to it is free again. */
  | (OfIntention<'released'> & { readonly deal: string })
  | (OfIntention<'reduced'> & { readonly by: string })
  | (OfIntention<'amended'> & { readonly price: string })
  | (OfIntention<'withdrawn'> & { readonly reason: (typeof withdrawReasonNames)[number] })
  | OfIntention<'expired'>;

/** Nothing else happened to the participant before this position. */
export type UpTo = Told<'own', 'upTo'>;

export type OwnMessage = OwnEvent | UpTo;

export type StreamMessage = BookSnapshot | BookDiff | TradeMessage | TickerMessage | OwnMessage;
