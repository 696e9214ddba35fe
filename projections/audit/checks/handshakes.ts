import type * as Recorded from '../../../src/domain/journal.generated.js';
import { AbortReason, Outcome } from '../../../src/domain/terms.js';
import type { Arrivals } from './arrivals.js';
import type { AuctionPairs } from './auction-pairs.js';
import type { Auctions } from './auctions.js';
import type { AuditedDeals } from '../state/audited-deals.js';
import { crosses, settlesAsDecided, type DealOutcome } from './predicates.js';
import { Answer, AuditedDeal, type AuditedIntention } from '../state/records.js';
import type { Reservations } from '../state/reservations.js';
import type { AuditState } from '../state/state.js';

/** What the checks of handshakes share with those of arrivals and auctions. */
export interface HandshakeParts {
  readonly state: AuditState;
  readonly deals: AuditedDeals;
  readonly reservations: Reservations;
  readonly arrivals: Arrivals;
  readonly auctions: Auctions;
}

/**
 * Checks the handshake: proposal, answer, decision, settlement on both sides, and the quantities that they reserve and fill. Of a deal
 * with a responder in another shard it checks the initiator's side, which is all that this log tells.
 */
export class Handshakes {
  private readonly state: AuditState;
  private readonly deals: AuditedDeals;

  constructor(private readonly parts: HandshakeParts) {
    this.state = parts.state;
    this.deals = parts.deals;
  }

  proposed(proposal: Recorded.ProposalMade): void {
    const { intentionId: id, dealNumber, counterpartyId, quantityLots: lots } = proposal;
    const { state } = this;
    const initiator = state.openStream(proposal, 'proposes a deal');
    if (initiator === undefined) return;
    if (dealNumber !== ++initiator.proposals) {
      state.report(
        'DEAL_NUMBER_GAP',
        `intention ${id} has come to deal ${initiator.proposals}, the proposal says ${dealNumber}`,
      );
    }
    const { intentions, position } = state;
    const responder = intentions.get(counterpartyId);
    const isCrossShard = intentions.isRemote(counterpartyId);
    const deal = new AuditedDeal(proposal, { initiator, responder, isCrossShard, position });
    if (this.isFounded(deal)) this.checkOrder(deal, responder);
    this.deals.open(deal);
    this.parts.reservations.reserve(initiator, lots);
  }

  private isFounded(deal: AuditedDeal): boolean {
    const { initiator, responder, responderId, proposedLots } = deal;
    if (proposedLots < 1) return this.unfounded(deal, 'it is for nothing');
    if (deal.isCrossShard) return true;
    if (responder === undefined) {
      if (this.state.intentions.forgottenRevision(responderId) > 0) return true;
      return this.unfounded(deal, `intention ${responderId} was never posted`);
    }
    if (responder.instrument !== initiator.instrument)
      return this.unfounded(deal, 'the two trade different instruments');
    if (responder.side === initiator.side) return this.unfounded(deal, 'both stand on the same side');
    if (!crosses(initiator, responder)) return this.unfounded(deal, 'the two limits do not cross');
    return true;
  }

  private unfounded(deal: AuditedDeal, why: string): boolean {
    this.state.report(
      'PROPOSAL_UNFOUNDED',
      `deal ${deal.name} was proposed to intention ${deal.responderId}, but ${why}`,
    );
    return false;
  }

  private checkOrder(deal: AuditedDeal, responder: AuditedIntention | undefined): void {
    const { initiator } = deal;
    if (responder === undefined) return;
    if (initiator.placePosition > responder.placePosition) {
      this.state.report(
        'YOUNGER_PROPOSED',
        `intention ${initiator.id} proposed to the older intention ${responder.id}`,
      );
    }
    const auction = this.auctionOf(initiator);
    if (auction === undefined) this.parts.arrivals.onProposal(deal, responder);
    else this.parts.auctions.onProposal(auction, deal);
  }

  private auctionOf(intention: AuditedIntention): AuctionPairs | undefined {
    const { auction } = this.state;
    if (auction?.instrument !== intention.instrument) return undefined;
    return auction.isAtRest && !auction.isResumed ? undefined : auction;
  }

  accepted(acceptance: Recorded.ProposalAccepted): void {
    const { intentionId: id, priceTicks, quantityLots: lots } = acceptance;
    const responder = this.state.openStream(acceptance, 'accepts a proposal');
    const deal = this.deals.find(acceptance);
    if (responder === undefined || deal === undefined) return;
    if (deal.responderId !== id || deal.answer === Answer.Accepted) {
      this.unanswerable(deal, id);
      return;
    }
    if (priceTicks !== deal.priceTicks || lots < 1 || lots > deal.proposedLots) {
      const { name, proposedLots } = deal;
      this.state.report(
        'ANSWER_UNFOUNDED',
        `intention ${id} accepted ${lots} at ${priceTicks} of deal ${name}, proposed as ${proposedLots} at ${deal.priceTicks}`,
      );
    }
    deal.answer = Answer.Accepted;
    deal.acceptedLots = lots;
    this.deals.onAccepted(deal, responder);
    this.parts.reservations.reserve(responder, lots);
  }

  /** After a restart a proposal may be repeated, and what declined it declines again. */
  declined(answer: Recorded.ProposalDeclined): void {
    const { intentionId: id } = answer;
    this.state.stream(answer);
    const deal = this.deals.find(answer);
    if (deal === undefined) return;
    if (deal.responderId !== id || deal.answer === Answer.Accepted) this.unanswerable(deal, id);
    else this.deals.onDeclined(deal);
  }

  private unanswerable(deal: AuditedDeal, id: number): void {
    const why =
      deal.responderId === id ? 'which it has accepted before' : `which was proposed to intention ${deal.responderId}`;
    this.state.report('ANSWER_UNFOUNDED', `intention ${id} answers deal ${deal.name}, ${why}`);
  }

  confirmed(event: Recorded.DealConfirmed): void {
    const { priceTicks, quantityLots: lots, responderParticipantId } = event;
    const decision = { outcome: Outcome.Confirmed, priceTicks, quantityLots: lots, position: this.state.position };
    const deal = this.deals.undecided(event, decision);
    if (deal === undefined) return;
    if (deal.answer !== Answer.Accepted && !deal.isCrossShard) {
      this.state.report(
        'I5_NOT_RESERVED',
        `deal ${deal.name} was confirmed, but intention ${deal.responderId} had not accepted it`,
      );
    }
    if (!isAsPromised(deal, lots) || priceTicks !== deal.priceTicks || !matchesSides(deal, event)) {
      this.state.report(
        'DECISION_DIFFERS',
        `deal ${deal.name} was confirmed otherwise than it was proposed and accepted`,
      );
    }
    if (deal.isCrossShard && !this.state.participants.has(responderParticipantId)) {
      this.state.report(
        'UNKNOWN_PARTICIPANT',
        `deal ${deal.name} is with participant ${responderParticipantId}, who was never admitted`,
      );
    }
    const { name, initiator, responder, limit } = deal;
    this.state.checkLimit(name, initiator.id, limit, priceTicks);
    if (responder !== undefined) this.state.checkLimit(name, responder.id, responder, priceTicks);
    const auction = deal.isCrossShard ? undefined : this.auctionOf(deal.initiator);
    if (auction !== undefined) this.parts.auctions.onConfirmed(auction, deal, lots);
    this.deals.decide(deal, decision);
  }

  aborted(event: Recorded.DealAborted): void {
    const { responderId, reason } = event;
    const decision = { outcome: Outcome.Aborted, priceTicks: 0, quantityLots: 0, position: this.state.position };
    const deal = this.deals.undecided(event, decision);
    if (deal === undefined) return;
    if (responderId !== deal.responderId) {
      this.state.report(
        'DECISION_DIFFERS',
        `deal ${deal.name} was proposed to intention ${deal.responderId}, not ${responderId}`,
      );
    }
    if (reason === AbortReason.Declined && deal.answer !== Answer.Declined && !deal.isCrossShard) {
      this.state.report('ABORT_UNFOUNDED', `deal ${deal.name} was aborted as declined, but nobody declined it`);
    }
    const auction = deal.isCrossShard ? undefined : this.auctionOf(deal.initiator);
    if (auction !== undefined) auction.isDisturbed = true;
    this.parts.arrivals.onAborted(deal);
    this.deals.decide(deal, decision);
  }

  settled(event: Recorded.DealSettled): void {
    const { intentionId: id, priceTicks, quantityLots: lots } = event;
    const side = this.state.stream(event);
    const deal = this.deals.find(event, 'SETTLED_TWICE');
    if (side === undefined || deal === undefined) return;
    const isInitiator = deal.initiator === side;
    const isPending = isInitiator
      ? !deal.isInitiatorSettled
      : deal.responderId === id && deal.answer === Answer.Accepted && !deal.isResponderSettled;
    if (!isPending) {
      this.state.report('SETTLED_TWICE', `intention ${id} settles deal ${deal.name}, in which it holds no reservation`);
      return;
    }
    this.checkSettlement(deal, side, event);
    this.parts.reservations.release(side, isInitiator ? deal.proposedLots : deal.acceptedLots, lots);
    if (!deal.isCrossShard) side.instrument.postings.post(side.side, priceTicks, lots);
    this.deals.settle(deal, isInitiator);
  }

  private checkSettlement(deal: AuditedDeal, side: AuditedIntention, settlement: DealOutcome): void {
    const { decision } = deal;
    if (decision === undefined) {
      const code = settlement.quantityLots > 0 ? 'I2_FILL_WITHOUT_ENTRY' : 'I4_RELEASED_UNDECIDED';
      this.state.report(code, `intention ${side.id} settled deal ${deal.name}, which was not decided`);
      return;
    }
    if (settlesAsDecided(decision, settlement)) return;
    const followed = deal.lateDecisions?.find((late) => settlesAsDecided(late, settlement));
    const late = followed === undefined ? '' : `, following the late decision at position ${followed.position}`;
    this.state.report(
      'I3_SETTLED_DIFFERS',
      `intention ${side.id} settled deal ${deal.name} otherwise than it was decided at position ${decision.position}${late}`,
    );
    if (followed !== undefined) deal.isLateDecisionFollowed = true;
  }
}

/** As many lots as were accepted; where that is not known here, not more than were proposed. */
function isAsPromised(deal: AuditedDeal, lots: number): boolean {
  if (deal.isCrossShard) return lots >= 1 && lots <= deal.proposedLots;
  return deal.answer !== Answer.Accepted || lots === deal.acceptedLots;
}

function matchesSides(deal: AuditedDeal, sides: Recorded.DealConfirmed): boolean {
  const { initiator, responder, responderId } = deal;
  if (sides.responderId !== responderId || sides.instrumentId !== initiator.instrument.id) return false;
  if (sides.initiatorSide !== initiator.side || sides.initiatorParticipantId !== initiator.participantId) return false;
  return responder === undefined || sides.responderParticipantId === responder.participantId;
}
