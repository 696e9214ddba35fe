import { Pricing } from '../../../src/domain/terms.js';

/** What stands on one side when an auction begins. */
export interface AuctionEntry {
  readonly pricing: number;
  readonly priceTicks: number;
  readonly freeLots: number;
}

/** The most that can be dealt at one price, and from which to which price that may be. Volume 0: no price. */
export interface AuctionOutcome {
  readonly volumeLots: number;
  readonly lowestTicks: number;
  readonly highestTicks: number;
}

interface Candidate {
  readonly priceTicks: number;
  readonly volumeLots: number;
  /** What buyers want more than sellers. */
  readonly surplusLots: number;
}

/**
 * The auction rule, from the definition: of all limit prices the one that trades the most volume; among those, the one with the least
 * surplus; among those, the highest where buyers are in surplus and the lowest where sellers are. Where the tie is balanced, or
 * the surplus changes sides within it, the rule leaves open which price of the tie it is.
 *
 * Between two neighbouring limits the surplus is only ever smaller when it changes sides there; then it is nil, and any price
 * between the two is allowed, whether the exchange looks at limits alone or at every tick.
 */
export function auctionOutcome(buyers: readonly AuctionEntry[], sellers: readonly AuctionEntry[]): AuctionOutcome {
  const all = candidates(buyers, sellers);
  const volumeLots = all.reduce((most, candidate) => Math.max(most, candidate.volumeLots), 0);
  if (volumeLots === 0) return { volumeLots: 0, lowestTicks: 0, highestTicks: 0 };
  const fullest = all.filter((candidate) => candidate.volumeLots === volumeLots);
  const surplus = fullest.reduce((least, { surplusLots }) => Math.min(least, Math.abs(surplusLots)), Infinity);
  return { volumeLots, ...allowed(fullest, surplus) };
}

/** `fullest` ascends in price, so in it the surplus falls: first buyers are in surplus, then sellers. */
function allowed(fullest: readonly Candidate[], surplus: number): Omit<AuctionOutcome, 'volumeLots'> {
  const tie = fullest.filter((candidate) => Math.abs(candidate.surplusLots) === surplus);
  const lowest = (tie[0] as Candidate).priceTicks; // one of the fullest has the least surplus
  const highest = (tie[tie.length - 1] as Candidate).priceTicks;
  if (surplus === 0) return { lowestTicks: lowest, highestTicks: highest };
  const lastOfBuyers = fullest.filter((candidate) => candidate.surplusLots > 0).at(-1);
  const firstOfSellers = fullest.find((candidate) => candidate.surplusLots < 0);
  if (firstOfSellers === undefined) return { lowestTicks: highest, highestTicks: highest };
  if (lastOfBuyers === undefined) return { lowestTicks: lowest, highestTicks: lowest };
  return {
    lowestTicks: lastOfBuyers.priceTicks + (tie.includes(lastOfBuyers) ? 0 : 1),
    highestTicks: firstOfSellers.priceTicks - (tie.includes(firstOfSellers) ? 0 : 1),
  };
}

/** What would trade at each limit price, lowest price first. */
function candidates(buyers: readonly AuctionEntry[], sellers: readonly AuctionEntry[]): Candidate[] {
  const bids = lotsByPrice(buyers);
  const asks = lotsByPrice(sellers);
  const prices = [...new Set([...bids.limits.keys(), ...asks.limits.keys()])].sort((one, other) => one - other);
  let demandLots = bids.totalLots;
  let supplyLots = asks.marketLots;
  return prices.map((priceTicks) => {
    supplyLots += asks.limits.get(priceTicks) ?? 0;
    const candidate = {
      priceTicks,
      volumeLots: Math.min(demandLots, supplyLots),
      surplusLots: demandLots - supplyLots,
    };
    demandLots -= bids.limits.get(priceTicks) ?? 0;
    return candidate;
  });
}

function lotsByPrice(entries: readonly AuctionEntry[]) {
  const limits = new Map<number, number>();
  let marketLots = 0;
  let totalLots = 0;
  for (const { pricing, priceTicks, freeLots } of entries) {
    totalLots += freeLots;
    if (pricing === Pricing.Market) marketLots += freeLots;
    else limits.set(priceTicks, (limits.get(priceTicks) ?? 0) + freeLots);
  }
  return { marketLots, totalLots, limits };
}
