import type { Market } from '../../domain/market.js';

/** What a replay counts in the market that it comes to. */
export interface MarketCounts {
  readonly epoch: number;
  readonly instruments: number;
  readonly participants: number;
  readonly intentions: number;
  readonly openIntentions: number;
  readonly dealsConfirmed: number;
  readonly dealsAborted: number;
  readonly dealsInFlight: number;
  readonly lateDecisions: number;
}

export function countsOf(market: Market): MarketCounts {
  const { epoch, dealsConfirmed, dealsAborted, lateDecisions } = market;
  return {
    epoch,
    instruments: market.instruments.length,
    participants: market.participants.filter((name) => name !== '').length,
    intentions: market.intentionsPosted,
    openIntentions: market.negotiators.size,
    dealsConfirmed,
    dealsAborted,
    dealsInFlight: market.deals.size,
    lateDecisions,
  };
}
