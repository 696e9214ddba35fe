/**
 * The words of the exchange as small integers. Inside, every choice is an index into one of these lists, so that a row
 * of a table and an event on disk hold the same number; outside, the names are shown. The order of each list is part
 * of the log's format: append to a list, never reorder it.
 */

export const sideNames = ['buy', 'sell'] as const;
export const Side = { Buy: 0, Sell: 1 } as const;

export const pricingNames = ['limit', 'market'] as const;
export const Pricing = { Limit: 0, Market: 1 } as const;

/** gtc: stands until withdrawn. ioc: deals at once, the rest is withdrawn. fok: all at once or nothing. gtd: until a time. */
export const timeInForceNames = ['gtc', 'ioc', 'fok', 'gtd'] as const;
export const TimeInForce = { Gtc: 0, Ioc: 1, Fok: 2, Gtd: 3 } as const;

/** Whose price a deal is made at. */
export const priceRuleNames = ['standing', 'seller', 'midpoint'] as const;
export const PriceRule = { Standing: 0, Seller: 1, Midpoint: 2 } as const;

/** What happens when an arriving intention meets a standing one of the same participant. */
export const selfTradeNames = ['allow', 'refuseArriving', 'withdrawStanding'] as const;
export const SelfTrade = { Allow: 0, RefuseArriving: 1, WithdrawStanding: 2 } as const;

/** continuous: intentions deal as they arrive. call: they are collected until the auction. */
export const phaseNames = ['continuous', 'call'] as const;
export const Phase = { Continuous: 0, Call: 1 } as const;

export const outcomeNames = ['confirmed', 'aborted'] as const;
export const Outcome = { Confirmed: 0, Aborted: 1 } as const;

export const declineReasonNames = ['closed', 'nothingLeft', 'price', 'instrument', 'doubt'] as const;
/** `closed` and `doubt` are reserved: nothing writes them. */
export const DeclineReason = { NothingLeft: 1, Price: 2, Instrument: 3 } as const;

export const abortReasonNames = ['declined', 'initiatorDeadline', 'responderDeadline', 'parked', 'recovery'] as const;
export const AbortReason = { Declined: 0, InitiatorDeadline: 1, ResponderDeadline: 2, Parked: 3, Recovery: 4 } as const;

export const withdrawReasonNames = [
  'requested',
  'immediateOrCancel',
  'fillOrKill',
  'marketRemainder',
  'selfTrade',
  'parked',
] as const;
export const WithdrawReason = {
  Requested: 0,
  ImmediateOrCancel: 1,
  FillOrKill: 2,
  MarketRemainder: 3,
  SelfTrade: 4,
  Parked: 5,
} as const;

/** Bounds on everything that is counted. A price is 1…MAX_TICKS ticks, a quantity 1…MAX_LOTS lots. */
export const MAX_TICKS = 0x7fff_fffe;
export const MAX_LOTS = 0x7fff_ffff;
export const MAX_NAME_BYTES = 32;
