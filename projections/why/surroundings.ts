import { Pricing, Side } from '../../src/domain/terms.js';
import { crosses } from '../audit/checks/predicates.js';
import type { StandingTerms } from '../handshake/chart.js';
import type { Ahead, OtherSide } from './reasons.js';

/** What stands around an intention. Each question walks through all that is open, so it is asked when something happens to the one. */

/** What it finds on the other side. */
export function otherSide(intention: StandingTerms, open: Iterable<StandingTerms>): OtherSide {
  let best: StandingTerms | undefined;
  let bestLots = 0;
  let reachableLots = 0;
  for (const other of open) {
    if (other.instrumentId !== intention.instrumentId || other.side === intention.side) continue;
    if (crosses(intention, other)) reachableLots += other.leftLots;
    if (best === undefined || isBetter(other, best)) {
      best = other;
      bestLots = 0;
    }
    if (!isBetter(best, other)) bestLots += other.leftLots;
  }
  return { bestTicks: best?.pricing === Pricing.Limit ? best.priceTicks : undefined, bestLots, reachableLots };
}

/** What stands before it on its own side, of those that `counts` speaks of. */
export function ahead(
  intention: StandingTerms,
  open: Iterable<StandingTerms>,
  counts: (other: StandingTerms) => boolean = () => true,
): Ahead {
  let betterLots = 0;
  let samePriceLots = 0;
  for (const other of open) {
    if (other.instrumentId !== intention.instrumentId || other.side !== intention.side) continue;
    if (!isBefore(other, intention) || !counts(other)) continue;
    if (isBetter(other, intention)) betterLots += other.leftLots;
    else samePriceLots += other.leftLots;
  }
  return { betterLots, samePriceLots };
}

/** Whether `one` comes before `other`, on the same side. */
export function isBefore(one: StandingTerms, other: StandingTerms): boolean {
  if (one.pricing !== other.pricing || one.priceTicks !== other.priceTicks) return isBetter(one, other);
  return one.placePosition < other.placePosition;
}

/** Whether it comes before by its price, on the same side: market intentions before any limit. */
function isBetter(one: StandingTerms, other: StandingTerms): boolean {
  if (one.pricing !== other.pricing) return one.pricing === Pricing.Market;
  if (one.pricing === Pricing.Market) return false;
  return one.side === Side.Buy ? one.priceTicks > other.priceTicks : one.priceTicks < other.priceTicks;
}
