/**
 * What a test does to an exchange, in ticks and lots: the one script that the reference and the real exchange are both played from.
 */
export type SideName = 'buy' | 'sell';
export type TimeInForceName = 'gtc' | 'ioc' | 'fok' | 'gtd';
export type PhaseName = 'continuous' | 'call';
export type PriceRuleName = 'standing' | 'seller' | 'midpoint';
export type SelfTradeName = 'allow' | 'refuseArriving' | 'withdrawStanding';

/** An instrument as a test lists it: steps as decimal strings, the band in ticks. */
export interface Listing {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minTicks: number;
  readonly maxTicks: number;
  readonly priceRule: PriceRuleName;
  readonly selfTrade: SelfTradeName;
}

export interface PostStep {
  readonly kind: 'post';
  readonly clientId: string;
  readonly participant: string;
  readonly instrument: string;
  readonly side: SideName;
  /** Undefined for a market intention. */
  readonly priceTicks: number | undefined;
  readonly lots: number;
  readonly timeInForce: TimeInForceName;
  readonly postOnly: boolean;
  /** 0 unless it is gtd. */
  readonly expiresAtMs: number;
}

/** A command about an intention that was posted before, or was not. */
interface AboutIntention {
  readonly id: number;
  readonly participant: string;
}

interface Changing extends AboutIntention {
  /** The reference knows none: it takes each for a new one. */
  readonly clientCommandId?: string;
}

export type Step =
  | PostStep
  | ({ readonly kind: 'withdraw' } & AboutIntention)
  | ({ readonly kind: 'reduce'; readonly byLots: number } & Changing)
  | ({ readonly kind: 'replace'; readonly priceTicks: number; readonly openLots: number } & Changing)
  | { readonly kind: 'list'; readonly listing: Listing }
  | { readonly kind: 'phase'; readonly instrument: string; readonly phase: PhaseName }
  | { readonly kind: 'uncross'; readonly instrument: string };

/** What a step came to: a refusal's code, or what the exchange says of it. */
export type StepResult =
  | { readonly refused: string }
  | { readonly posted: number }
  | { readonly status: 'open' | 'filled' | 'withdrawn'; readonly openLots: number; readonly filledLots: number }
  | { readonly volumeLots: number; readonly priceTicks: number | undefined; readonly deals: number }
  | { readonly done: true };

export interface Deal {
  readonly initiatorId: number;
  readonly responderId: number;
  readonly priceTicks: number;
  readonly lots: number;
}

/** One price of a book: price, quantity, number of intentions. */
export type Level = readonly [priceTicks: number, lots: number, count: number];

export interface Book {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}
