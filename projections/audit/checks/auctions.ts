import { Phase, Pricing } from '../../../src/domain/terms.js';
import { AuctionPairs, type AuctionPair } from './auction-pairs.js';
import { auctionOutcome } from './auction-rule.js';
import type { AuditedDeal, AuditedInstrument, AuditedIntention } from '../state/records.js';
import type { AuditState } from '../state/state.js';

/** Checks call auctions: price and volume against the rule, the deals against the order of both sides, and their sum. */
export class Auctions {
  constructor(private readonly state: AuditState) {}

  begin(instrument: AuditedInstrument, priceTicks: number, volumeLots: number): void {
    const { state } = this;
    const { symbol } = instrument.terms;
    if (instrument.phase !== Phase.Call) {
      state.report('WRONG_PHASE', `${symbol} was uncrossed in continuous trading`);
    }
    const isDisturbed = isBoundToOtherShards(instrument);
    if (!isDisturbed) this.checkOutcome(instrument, priceTicks, volumeLots);
    state.auction = new AuctionPairs(instrument, { priceTicks, volumeLots }, state.position);
    state.auction.isDisturbed = isDisturbed;
  }

  private checkOutcome(instrument: AuditedInstrument, priceTicks: number, volumeLots: number): void {
    const { state } = this;
    const { symbol } = instrument.terms;
    const outcome = auctionOutcome([...instrument.buyers.bestFirst()], [...instrument.sellers.bestFirst()]);
    if (volumeLots !== outcome.volumeLots) {
      state.report(
        'AUCTION_VOLUME',
        `the auction of ${symbol} says ${volumeLots} lots; ${outcome.volumeLots} can be dealt`,
      );
    } else if (volumeLots > 0 && (priceTicks < outcome.lowestTicks || priceTicks > outcome.highestTicks)) {
      const rule = `${outcome.lowestTicks}${outcome.highestTicks > outcome.lowestTicks ? ` to ${outcome.highestTicks}` : ''}`;
      state.report('AUCTION_PRICE', `the auction of ${symbol} is at ${priceTicks}; by its rule it is at ${rule}`);
    }
  }

  /** A deal was proposed during the auction of its instrument. */
  onProposal(auction: AuctionPairs, deal: AuditedDeal): void {
    if (deal.priceTicks !== auction.priceTicks) {
      this.state.report(
        'PRICE_RULE_BROKEN',
        `deal ${deal.name} is at ${deal.priceTicks}, its auction at ${auction.priceTicks}`,
      );
    }
    if (auction.isDisturbed) return;
    const next = auction.next();
    const isNext = next?.initiator === deal.initiator && next.responder.id === deal.responderId;
    if (isNext && deal.proposedLots >= next.lots) return;
    auction.isDisturbed = true;
    this.state.report(
      'AUCTION_PAIRING',
      `intention ${deal.initiator.id} proposed ${deal.proposedLots} lots to ${deal.responderId}; ${describe(next)}`,
    );
  }

  onConfirmed(auction: AuctionPairs, deal: AuditedDeal, lots: number): void {
    const next = auction.next();
    if (!auction.isDisturbed && next !== undefined && lots !== next.lots) {
      this.state.report('AUCTION_PAIRING', `deal ${deal.name} is of ${lots} lots; ${describe(next)}`);
      auction.isDisturbed = true;
    }
    auction.dealt(lots);
  }

  /** An intention left the book before it was filled: withdrawn, parked or expired. */
  onGone(intention: AuditedIntention): void {
    const { auction } = this.state;
    if (auction?.instrument === intention.instrument && auction.dealtLots < auction.volumeLots) {
      auction.isDisturbed = true;
    }
  }

  /** A writer has started: it goes on with what is left of the latest auction. */
  resume(): void {
    const { auction } = this.state;
    if (auction !== undefined) auction.isResumed = true;
  }

  /** A command is taken that leaves nothing of the auction before it. */
  end(): void {
    this.rest();
    this.state.auction = undefined;
  }

  /** Something else is taken: the auction before it must have ended. */
  rest(): void {
    const { auction } = this.state;
    if (auction === undefined) return;
    auction.isResumed = false;
    if (auction.isAtRest) return;
    auction.isAtRest = true;
    const { instrument, dealtLots, volumeLots, isDisturbed, position } = auction;
    if (dealtLots !== volumeLots) {
      const message = `the auction of ${instrument.terms.symbol} says ${volumeLots} lots; its deals add up to ${dealtLots}`;
      this.state.findings.report(isDisturbed ? 'AUCTION_DISTURBED' : 'AUCTION_VOLUME', position, message);
    }
    const left = firstMarket(instrument);
    if (left !== undefined) {
      this.state.report('MARKET_LEFT_STANDING', `market intention ${left.id} was not withdrawn after the auction`);
    }
  }

  /** At the head of the log: whether there is an auction that has not ended. */
  get isUnderWay(): boolean {
    const { auction } = this.state;
    if (auction === undefined || auction.isAtRest) return false;
    return auction.dealtLots < auction.volumeLots || firstMarket(auction.instrument) !== undefined;
  }
}

/** Market intentions come before all others, so the best is one if there is any. */
function firstMarket({ buyers, sellers }: AuditedInstrument): AuditedIntention | undefined {
  return [buyers.best, sellers.best].find((best) => best?.pricing === Pricing.Market);
}

/** Whether what stands there has promised anything to other shards: nothing else is reserved when an auction begins. */
function isBoundToOtherShards({ buyers, sellers }: AuditedInstrument): boolean {
  for (const { reservedLots } of buyers.bestFirst()) if (reservedLots > 0) return true;
  for (const { reservedLots } of sellers.bestFirst()) if (reservedLots > 0) return true;
  return false;
}

function describe(next: AuctionPair | undefined): string {
  if (next === undefined) return 'the auction’s volume was dealt already';
  return `${next.lots} lots between ${next.initiator.id} and ${next.responder.id} were next`;
}
