import type * as Recorded from '../../src/domain/journal.generated.js';
import { isCrossShard } from '../../src/domain/ids.js';
import { AbortReason, Outcome, Phase } from '../../src/domain/terms.js';
import type { DealId } from '../ledger/deal-name.js';
import type { ChartSubject, DealOutcome, Party, SequenceChart, StandingTerms } from './chart.js';
import { type AuctionRow, ChartRows, type Restart } from './chart-rows.js';
import { type ChartedDeal, ChartedDeals } from './charted-deals.js';
import { StandingFold } from './standing-fold.js';

/**
 * Collects the chart of one deal, or of one intention and all its deals. The log holds events; the messages between them are what
 * the protocol sends after each, so they are deduced.
 *
 * Of other intentions it knows only those that are open, and nothing of those in other shards: of a deal with one of them it shows what
 * stands in this log. The chart of such a deal by its own name is to be read from its initiator's log.
 */
export class HandshakeFold extends StandingFold {
  private readonly rows = new ChartRows(this);
  private readonly deals = new ChartedDeals();
  private readonly auctions = new Map<number, AuctionRow>();
  private restart: Restart | undefined;
  private left: Party | undefined;
  private right: Party | undefined;
  private current: ChartedDeal | undefined;

  constructor(private readonly subject: ChartSubject) {
    super();
  }

  /** Whether the log has come to what the chart is of. */
  get hasBegun(): boolean {
    return this.left !== undefined;
  }

  /** The chart as far as the fold has come; undefined when the log knows no such deal or intention. */
  chart(): SequenceChart | undefined {
    const { subject, left, right, deals } = this;
    if (left === undefined) return undefined;
    const outcome = 'deal' in subject ? this.outcome() : undefined;
    const rows = [...this.rows.all];
    return { subject, instrumentId: left.instrumentId, left, right, rows, outcome, omittedDeals: deals.omitted };
  }

  private outcome(): DealOutcome | undefined {
    const deal = this.deals.first;
    if (deal === undefined) return undefined;
    const { priceTicks, decision, proposedLots } = deal;
    if (decision === undefined) return { state: 'open', priceTicks, lots: proposedLots, reason: 0 };
    const state = decision.outcome === Outcome.Confirmed ? 'confirmed' : 'aborted';
    return { state, priceTicks, lots: decision.lots, reason: decision.reason };
  }

  private isSubject(intentionId: number): boolean {
    return 'intentionId' in this.subject && this.subject.intentionId === intentionId;
  }

  override shardStarted({ epoch }: Recorded.ShardStarted): void {
    this.restart = { kind: 'restart', position: this.position, epoch };
    if (this.deals.interrupt(this.position)) this.rows.once(this.restart);
  }

  override phaseChanged({ instrumentId, phase }: Recorded.PhaseChanged): void {
    if (phase !== Phase.Call) this.auctions.delete(instrumentId);
  }

  override auctionUncrossed({ instrumentId, priceTicks, volumeLots }: Recorded.AuctionUncrossed): void {
    this.auctions.set(instrumentId, { kind: 'auction', position: this.position, instrumentId, priceTicks, volumeLots });
  }

  override intentionPosted(event: Recorded.IntentionPosted): void {
    super.intentionPosted(event);
    const { intentionId } = event;
    if (!this.isSubject(intentionId)) return;
    this.left = this.party(intentionId);
    this.rows.event(intentionId, 'IntentionPosted', event.quantityLots, { priceTicks: event.priceTicks });
  }

  override proposalMade(event: Recorded.ProposalMade): void {
    if (!this.concerns(event)) return;
    const { intentionId: initiatorId, dealNumber, counterpartyId: responderId, priceTicks, quantityLots: lots } = event;
    const terms = { initiatorId, dealNumber, responderId, priceTicks, proposedLots: lots, isForeign: false };
    const deal = this.deals.enter(terms);
    if (deal === undefined) return;
    this.meet(deal);
    this.rows.event(initiatorId, 'ProposalMade', lots, { priceTicks });
    this.rows.message(deal, 'proposal', lots);
  }

  private concerns({ intentionId, dealNumber, counterpartyId }: Recorded.ProposalMade): boolean {
    const { subject } = this;
    if ('intentionId' in subject) return this.isSubject(intentionId) || this.isSubject(counterpartyId);
    return subject.deal.initiatorId === intentionId && subject.deal.dealNumber === dealNumber;
  }

  /** How the two came together: who arrived, or which auction paired them. */
  private meet(deal: ChartedDeal): void {
    const { rows } = this;
    const initiator = this.party(deal.initiatorId);
    const responder = this.party(deal.responderId);
    const auction = this.auctions.get(initiator?.instrumentId ?? 0);
    if ('deal' in this.subject) {
      this.current = deal;
      this.left = initiator;
      this.right = responder;
      rows.posted(initiator);
      rows.posted(responder);
    } else {
      this.turnTo(deal);
      if (auction === undefined && !this.isSubject(deal.responderId)) rows.posted(responder);
    }
    if (auction !== undefined) rows.once(auction);
    else if (responder !== undefined) {
      rows.message(deal, 'announcement', responder.leftLots, { position: responder.placePosition });
    }
    const since = auction?.position ?? responder?.placePosition ?? this.position;
    if (this.restart !== undefined && this.restart.position > since) rows.once(this.restart);
  }

  override proposalAccepted(event: Recorded.ProposalAccepted): void {
    const deal = this.resumed(event) ?? this.heard(event, event.priceTicks);
    if (deal === undefined) return;
    const { intentionId: from, quantityLots: lots } = event;
    deal.acceptedLots = lots;
    this.rows.event(from, 'ProposalAccepted', lots, { priceTicks: event.priceTicks });
    this.rows.message(deal, 'acceptance', lots, { from });
  }

  override proposalDeclined(event: Recorded.ProposalDeclined): void {
    const deal = this.resumed(event) ?? this.heard(event, 0);
    if (deal === undefined) return;
    const { intentionId: from, reason } = event;
    this.rows.event(from, 'ProposalDeclined', 0, { reason });
    this.rows.message(deal, 'decline', 0, { from, reason });
  }

  /** In the chart of a responder: a deal whose proposal stands in another log, when this is the first that is said of it here. */
  private heard(answer: DealId & { readonly intentionId: number }, priceTicks: number): ChartedDeal | undefined {
    const { intentionId: responderId, initiatorId, dealNumber } = answer;
    if (!this.isSubject(responderId) || !isCrossShard(initiatorId, responderId)) return undefined;
    const terms = { initiatorId, dealNumber, responderId, priceTicks, proposedLots: 0, isForeign: true };
    const deal = this.deals.enter(terms);
    if (deal !== undefined) this.turnTo(deal);
    return deal;
  }

  override dealConfirmed(event: Recorded.DealConfirmed): void {
    const decision = { outcome: Outcome.Confirmed, lots: event.quantityLots, reason: 0 };
    this.decided(this.resumed(event), decision);
  }

  override dealAborted(event: Recorded.DealAborted): void {
    this.decided(this.deals.get(event), { outcome: Outcome.Aborted, lots: 0, reason: event.reason });
  }

  private decided(deal: ChartedDeal | undefined, decision: NonNullable<ChartedDeal['decision']>): void {
    if (deal === undefined) return;
    this.turnTo(deal);
    const { outcome, lots, reason } = decision;
    if (deal.decision !== undefined) {
      this.rows.event('ledger', 'LateDecision', lots, { reason: outcome });
      return;
    }
    deal.decision = decision;
    deal.restartPosition = undefined;
    const isResponders = outcome === Outcome.Aborted && reason === AbortReason.ResponderDeadline;
    const from = isResponders ? deal.responderId : deal.initiatorId;
    this.rows.message(deal, 'decision', lots, { from, to: 'ledger', outcome, reason });
  }

  override dealSettled(event: Recorded.DealSettled): void {
    super.dealSettled(event);
    const { intentionId: id, outcome, quantityLots: lots } = event;
    const deal = this.deals.get(event);
    if (deal === undefined) return;
    this.turnTo(deal);
    const { rows } = this;
    const isInitiator = id === deal.initiatorId;
    if (deal.restartPosition !== undefined || (!isInitiator && !deal.isInitiatorSettled)) {
      const position = deal.restartPosition ?? this.position;
      rows.message(deal, 'lookUp', lots, { from: 'ledger', to: id, position, outcome });
    }
    rows.event(id, 'DealSettled', lots, { freedLots: (isInitiator ? deal.proposedLots : deal.acceptedLots) - lots });
    if (!isInitiator) {
      deal.isResponderSettled = true;
      return;
    }
    deal.isInitiatorSettled = true;
    deal.restartPosition = undefined;
    const name = outcome === Outcome.Confirmed ? 'confirmation' : 'abort';
    if (!deal.isResponderSettled) rows.message(deal, name, lots, { outcome });
  }

  override intentionReduced(event: Recorded.IntentionReduced): void {
    super.intentionReduced(event);
    const { intentionId: id, byLots } = event;
    if (this.isSubject(id)) this.rows.event(id, 'IntentionReduced', byLots);
  }

  override intentionAmended(event: Recorded.IntentionAmended): void {
    super.intentionAmended(event);
    const { intentionId: id, priceTicks, openLots } = event;
    if (this.isSubject(id)) this.rows.event(id, 'IntentionAmended', openLots, { priceTicks });
  }

  override intentionWithdrawn(event: Recorded.IntentionWithdrawn): void {
    const { intentionId: id, reason } = event;
    if (this.isSubject(id)) this.rows.event(id, 'IntentionWithdrawn', this.leftLots(id), { reason });
    super.intentionWithdrawn(event);
  }

  override intentionExpired(event: Recorded.IntentionExpired): void {
    const { intentionId: id } = event;
    if (this.isSubject(id)) this.rows.event(id, 'IntentionExpired', this.leftLots(id));
    super.intentionExpired(event);
  }

  /** The deal, with what its parties told each other again after a restart. */
  private resumed(event: DealId): ChartedDeal | undefined {
    const deal = this.deals.get(event);
    if (deal === undefined) return undefined;
    this.turnTo(deal);
    const { restartPosition: position, decision, proposedLots, acceptedLots } = deal;
    if (position === undefined || decision !== undefined) return deal;
    deal.restartPosition = undefined;
    if (deal.isForeign) return deal;
    this.rows.message(deal, 'proposal', proposedLots, { position, isRepeated: true });
    if (acceptedLots > 0) this.rows.message(deal, 'acceptance', acceptedLots, { position, isRepeated: true });
    return deal;
  }

  /** In the chart of an intention: says so when the rows turn from one deal to another. */
  private turnTo(deal: ChartedDeal): void {
    if (deal === this.current) return;
    this.current = deal;
    if ('deal' in this.subject) return;
    this.rows.turnTo(deal, this.party(this.isSubject(deal.initiatorId) ? deal.responderId : deal.initiatorId));
  }

  private leftLots(intentionId: number): number {
    return this.standing(intentionId)?.leftLots ?? 0;
  }

  /** As it stands now: what it becomes later on does not show. */
  private party(intentionId: number): StandingTerms | undefined {
    const terms = this.standing(intentionId);
    return terms === undefined ? undefined : { ...terms };
  }
}
