import { PriceRule, Pricing, Side } from '../../../src/domain/terms.js';
import type { Limit } from './predicates.js';

/**
 * The price that an instrument's rule gives a deal in continuous trading. A side without a limit takes the other's; where neither
 * has one, the rule gives none.
 */
export function rulePriceTicks(priceRule: number, standing: Limit, arriving: Limit): number | undefined {
  const standingTicks = limitTicks(standing) ?? limitTicks(arriving);
  const arrivingTicks = limitTicks(arriving) ?? limitTicks(standing);
  if (standingTicks === undefined || arrivingTicks === undefined) return undefined;
  switch (priceRule) {
    case PriceRule.Seller:
      return standing.side === Side.Sell ? standingTicks : arrivingTicks;
    case PriceRule.Midpoint:
      return Math.floor((standingTicks + arrivingTicks) / 2);
    default:
      return standingTicks;
  }
}

function limitTicks(limit: Limit): number | undefined {
  return limit.pricing === Pricing.Market ? undefined : limit.priceTicks;
}
