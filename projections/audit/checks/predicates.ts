/**
 * The invariants that a value shows, as plain predicates, shared by the audit, the tests and the simulation. They look at values only, so they
 * can be asked of an intention, a deal or a ledger in whatever form it is held.
 */
import { Pricing, Side } from '../../../src/domain/terms.js';

export interface Holding {
  readonly quantityLots: number;
  readonly filledLots: number;
  readonly reservedLots: number;
}

/** I1: filled and reserved together never exceed the quantity, and neither is negative. */
export function isCovered(holding: Holding): boolean {
  const { quantityLots, filledLots, reservedLots } = holding;
  return filledLots >= 0 && reservedLots >= 0 && filledLots + reservedLots <= quantityLots;
}

/** What a deal stream says, or what one side says when it settles. The price of an abort means nothing. */
export interface DealOutcome {
  readonly outcome: number;
  readonly priceTicks: number;
  /** 0 for an abort. */
  readonly quantityLots: number;
}

/** I3: a side settles exactly as the deal was decided. */
export function settlesAsDecided(decision: DealOutcome, settlement: DealOutcome): boolean {
  if (decision.outcome !== settlement.outcome || decision.quantityLots !== settlement.quantityLots) return false;
  return decision.quantityLots === 0 || decision.priceTicks === settlement.priceTicks;
}

/** A side and its limit; market intentions have none. */
export interface Limit {
  readonly side: number;
  readonly pricing: number;
  readonly priceTicks: number;
}

/** The limit as it is now, even if the intention is amended later. */
export function limitOf({ side, pricing, priceTicks }: Limit): Limit {
  return { side, pricing, priceTicks };
}

/** I5, of one side: the price is no worse than its limit. */
export function isWithinLimit(limit: Limit, priceTicks: number): boolean {
  if (limit.pricing === Pricing.Market) return true;
  return limit.side === Side.Buy ? priceTicks <= limit.priceTicks : priceTicks >= limit.priceTicks;
}

/** Whether a buyer and a seller have a price in common. */
export function crosses(one: Limit, other: Limit): boolean {
  return other.pricing === Pricing.Market || isWithinLimit(one, other.priceTicks);
}

/** I6: adds up what each fill posts to the ledger, lots against cash. Both sums are zero whenever no deal is half settled. */
export class Postings {
  private lots = 0;
  private cash = 0;
  private largeCash = 0n;

  post(side: number, priceTicks: number, quantityLots: number): void {
    const sign = side === Side.Buy ? 1 : -1;
    this.lots += sign * quantityLots;
    const cash = this.cash - sign * priceTicks * quantityLots;
    if (Number.isSafeInteger(cash)) this.cash = cash;
    else this.largeCash -= BigInt(sign) * BigInt(priceTicks) * BigInt(quantityLots);
  }

  get isBalanced(): boolean {
    return this.lots === 0 && BigInt(this.cash) + this.largeCash === 0n;
  }

  /** The two sums, for a message. */
  describe(): string {
    return `${this.lots} lots and ${BigInt(this.cash) + this.largeCash} lot-ticks`;
  }

  clear(): void {
    this.lots = 0;
    this.cash = 0;
    this.largeCash = 0n;
  }
}

/** I9: of a side in its order, best first, the first that stands before `dealing`, is willing, and has not been asked. */
export function passedOver<Standing>(
  bestFirst: Iterable<Standing>,
  dealing: Standing,
  isWillingUnasked: (standing: Standing) => boolean,
): Standing | undefined {
  for (const standing of bestFirst) {
    if (standing === dealing) return undefined;
    if (isWillingUnasked(standing)) return standing;
  }
  return undefined;
}
