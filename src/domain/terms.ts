/**
 * The words of the exchange as small integers, which the compiler writes in place of their names. Inside, every choice is an index into
 * one of these lists, so that a row of a table and an event on disk hold the same number; outside, the names are shown. The order of
 * each list is part of the log's format: append to a list, never reorder it.
 */

export const sideNames = ['buy', 'sell'] as const;
export const enum Side {
  Buy = 0,
  Sell = 1,
}

export const pricingNames = ['limit', 'market'] as const;
export const enum Pricing {
  Limit = 0,
  Market = 1,
}

/** gtc: stands until withdrawn. ioc: deals at once, the rest is withdrawn. fok: all at once or nothing. gtd: until a time. */
export const timeInForceNames = ['gtc', 'ioc', 'fok', 'gtd'] as const;
export const enum TimeInForce {
  Gtc = 0,
  Ioc = 1,
  Fok = 2,
  Gtd = 3,
}

/** Whose price a deal is made at. */
export const priceRuleNames = ['standing', 'seller', 'midpoint'] as const;
export const enum PriceRule {
  Standing = 0,
  Seller = 1,
  Midpoint = 2,
}

/** What happens when an arriving intention meets a standing one of the same participant. */
export const selfTradeNames = ['allow', 'refuseArriving', 'withdrawStanding'] as const;
export const enum SelfTrade {
  Allow = 0,
  RefuseArriving = 1,
  WithdrawStanding = 2,
}

/** Whether the parties of a deal are told of each other. */
export const counterpartiesNames = ['shown', 'hidden'] as const;
export const enum Counterparties {
  Shown = 0,
  Hidden = 1,
}

/** The limit that refused a post, by the code of its refusal. */
export const postRefusalNames = ['LIMIT_OPEN_QUANTITY', 'LIMIT_NET_POSITION', 'HALTED', 'LIMIT_RATE'] as const;
export const enum PostRefusal {
  OpenQuantity = 0,
  NetPosition = 1,
  Halted = 2,
  Rate = 3,
}

/** continuous: intentions deal as they arrive. call: they are collected until the auction. */
export const phaseNames = ['continuous', 'call'] as const;
export const enum Phase {
  Continuous = 0,
  Call = 1,
}

export const outcomeNames = ['confirmed', 'aborted'] as const;
export const enum Outcome {
  Confirmed = 0,
  Aborted = 1,
}

export const declineReasonNames = ['closed', 'nothingLeft', 'price', 'instrument', 'doubt'] as const;
/** `closed` and `doubt` are reserved: nothing writes them. */
export const enum DeclineReason {
  NothingLeft = 1,
  Price = 2,
  Instrument = 3,
}

export const abortReasonNames = ['declined', 'initiatorDeadline', 'responderDeadline', 'parked', 'recovery'] as const;
export const enum AbortReason {
  Declined = 0,
  InitiatorDeadline = 1,
  ResponderDeadline = 2,
  Parked = 3,
  Recovery = 4,
}

export const withdrawReasonNames = [
  'requested',
  'immediateOrCancel',
  'fillOrKill',
  'marketRemainder',
  'selfTrade',
  'parked',
  'switchLapsed',
  'halted',
  'disconnected',
] as const;
/** `disconnected` is what a client asked to be done when its connection ends. */
export const enum WithdrawReason {
  Requested = 0,
  ImmediateOrCancel = 1,
  FillOrKill = 2,
  MarketRemainder = 3,
  SelfTrade = 4,
  Parked = 5,
  SwitchLapsed = 6,
  Halted = 7,
  Disconnected = 8,
}

/** Bounds on everything that is counted. A price is 1…MAX_TICKS ticks, a quantity 1…MAX_LOTS lots. */
export const MAX_TICKS = 0x7fff_fffe;
export const MAX_LOTS = 0x7fff_ffff;
export const MAX_NAME_BYTES = 32;
