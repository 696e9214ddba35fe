import { Index } from '../ids.js';

/** So many deals are told of one by one. */
export const MOST_DEALS = 1_000;

/** One of the deals. */
export interface TurnDeal {
  readonly initiatorId: number;
  readonly dealNumber: number;
  readonly priceTicks: number;
  readonly lots: number;
  /** Of its DealConfirmed. */
  readonly position: number;
}

/**
 * What one intention came to in the turn in which it arrived: the deals that it made, and whether its rest was withdrawn. Collected in
 * memory that is used again for each arrival, so one that deals with nobody costs nothing.
 *
 * 1. The first 1,000 deals are kept one by one; of those after them, their number, their quantity and what was paid.
 */
export class TurnOutcome {
  /** Whose it is; 0 for nobody's. */
  intentionId = 0;
  filledLots = 0;
  /** How many deals there were. */
  deals = 0;
  /** A WithdrawReason, or Index.None while it was not withdrawn. */
  closedReason: number = Index.None;
  private paidBeyond = 0n;
  private readonly initiatorIds = new Float64Array(MOST_DEALS);
  private readonly positions = new Float64Array(MOST_DEALS);
  private readonly dealNumbers = new Int32Array(MOST_DEALS);
  private readonly prices = new Int32Array(MOST_DEALS);
  private readonly lots = new Int32Array(MOST_DEALS);

  /** Forgets what it held: another intention arrives. */
  begin(intentionId: number): void {
    this.intentionId = intentionId;
    this.filledLots = 0;
    this.deals = 0;
    this.closedReason = Index.None;
  }

  /** It has made a deal. */
  dealt(deal: TurnDeal): void {
    const at = this.deals++;
    this.filledLots += deal.lots;
    if (at >= MOST_DEALS) {
      const before = at === MOST_DEALS ? 0n : this.paidBeyond;
      this.paidBeyond = before + BigInt(deal.priceTicks) * BigInt(deal.lots);
      return;
    }
    this.initiatorIds[at] = deal.initiatorId;
    this.positions[at] = deal.position;
    this.dealNumbers[at] = deal.dealNumber;
    this.prices[at] = deal.priceTicks;
    this.lots[at] = deal.lots;
  }

  /** How many deals are kept one by one. */
  get kept(): number {
    return Math.min(this.deals, MOST_DEALS);
  }

  /** One of those that are kept. */
  deal(index: number): TurnDeal {
    return {
      initiatorId: this.initiatorIds[index] as number, // below `kept`, here and below
      dealNumber: this.dealNumbers[index] as number,
      priceTicks: this.prices[index] as number,
      lots: this.lots[index] as number,
      position: this.positions[index] as number,
    };
  }

  /** The sum of price times quantity of all deals, in ticks and lots. */
  get paid(): bigint {
    let paid = this.deals > MOST_DEALS ? this.paidBeyond : 0n;
    for (let index = 0; index < this.kept; index++) {
      const { priceTicks, lots } = this.deal(index);
      paid += BigInt(priceTicks) * BigInt(lots);
    }
    return paid;
  }
}
