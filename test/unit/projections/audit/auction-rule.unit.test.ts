import { describe, expect, it } from 'vitest';
import { type AuctionEntry, auctionOutcome } from '../../../../projections/audit/checks/auction-rule.js';
import { Pricing } from '../../../../src/domain/terms.js';

const limit = (priceTicks: number, freeLots: number): AuctionEntry => ({
  pricing: Pricing.Limit,
  priceTicks,
  freeLots,
});
const market = (freeLots: number): AuctionEntry => ({ pricing: Pricing.Market, priceTicks: 0, freeLots });

function at(volumeLots: number, lowestTicks: number, highestTicks = lowestTicks): unknown {
  return { volumeLots, lowestTicks, highestTicks };
}

describe('the auction rule', () => {
  it('The audit’s auction rule deals nothing where nothing crosses, and nothing where nobody names a price', () => {
    expect(auctionOutcome([limit(99, 10)], [limit(100, 10)])).toEqual(at(0, 0));
    expect(auctionOutcome([], [limit(100, 10)])).toEqual(at(0, 0));
    expect(auctionOutcome([market(10)], [market(10)])).toEqual(at(0, 0));
  });

  it('The audit’s auction rule takes the price that trades the most', () => {
    expect(auctionOutcome([limit(103, 5), limit(101, 10)], [limit(100, 5), limit(101, 10)])).toEqual(at(15, 101));
  });

  it('The audit’s auction rule takes the highest price where buyers are in surplus', () => {
    expect(auctionOutcome([limit(103, 30)], [limit(100, 20)])).toEqual(at(20, 103));
  });

  it('The audit’s auction rule takes the lowest price where sellers are in surplus', () => {
    expect(auctionOutcome([limit(103, 20)], [limit(100, 30)])).toEqual(at(20, 100));
  });

  it('The audit’s auction rule takes the least surplus among prices that trade the same', () => {
    expect(auctionOutcome([limit(103, 20), limit(101, 5)], [limit(100, 20)])).toEqual(at(20, 103));
    expect(auctionOutcome([limit(103, 20), limit(101, 5)], [limit(100, 20), limit(102, 3)])).toEqual(at(20, 103 - 1));
  });

  it('The audit’s auction rule leaves the price open where both sides balance', () => {
    expect(auctionOutcome([limit(103, 20)], [limit(100, 20)])).toEqual(at(20, 100, 103));
  });

  it('The audit’s auction rule leaves the price open between two limits where the surplus changes sides', () => {
    const bids = [limit(104, 10), limit(100, 5)];
    const asks = [limit(100, 10), limit(104, 5)];
    expect(auctionOutcome(bids, asks)).toEqual(at(10, 100, 104));
    expect(auctionOutcome(bids, [limit(100, 10), limit(104, 7)])).toEqual(at(10, 100, 103));
  });

  it('The audit’s auction rule lets market intentions take part at any price', () => {
    expect(auctionOutcome([market(10), limit(99, 5)], [limit(100, 4), limit(105, 4)])).toEqual(at(8, 105));
  });
});
