/** An intention as it is posted: what its client says, in the numbers of the shard. Travels whole from the edge to the table. */
export interface PostTerms {
  readonly clientIntentionId: string;
  readonly participant: string;
  readonly instrumentId: number;
  /** An index into sideNames, pricingNames and timeInForceNames. */
  readonly side: number;
  readonly pricing: number;
  /** 0 for a market intention. */
  readonly priceTicks: number;
  readonly quantityLots: number;
  readonly timeInForce: number;
  readonly postOnly: boolean;
  /** Milliseconds since 1970; 0 where it does not expire. */
  readonly expiresAtMs: number;
}
