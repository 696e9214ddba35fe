import { type DealId, dealName } from '../../ledger/deal-name.js';
import type { FindingCode } from '../findings.js';
import { Answer, type AuditedDeal, type AuditedDecision, type AuditedIntention } from './records.js';
import type { AuditState } from './state.js';

/**
 * The deals that are not settled yet, and which intentions end with them.
 *
 * 1. A deal is open from its proposal until it is decided and every side that reserved has settled.
 * 2. A deal with another shard is open until the side that stands in this log has settled; what the other side does is not looked for.
 * 3. One that was aborted before it was answered is kept apart: its responder may still accept, not knowing, and must then settle.
 */
export class AuditedDeals {
  private readonly unanswered = new Map<string, AuditedDeal>();
  /** Still not settled when a command was taken. */
  private readonly overdue = new Set<AuditedDeal>();
  /** Deals that were ever confirmed. */
  confirmed = 0;

  constructor(private readonly state: AuditState) {}

  open(deal: AuditedDeal): void {
    if (deal.isCrossShard) {
      this.state.crossShardDeals.add(deal);
      deal.initiator.isProposingRemotely = true;
    } else {
      this.state.openDeals.add(deal);
    }
    deal.initiator.proposed.push(deal);
    deal.initiator.unsettledDeals++;
    if (deal.responder !== undefined) deal.responder.unsettledDeals++;
  }

  /** The deal, while anybody may still act on it; reports one that nobody can. */
  find(id: DealId, ifSettled: FindingCode = 'UNKNOWN_DEAL'): AuditedDeal | undefined {
    const deal = this.lookUp(id);
    if (deal === undefined) this.reportUnknown(id, ifSettled);
    return deal;
  }

  /** The deal, if this is its first decision; a later one is remembered until it is known whether anybody followed it. */
  undecided(event: DealId & { readonly revision: number }, decision: AuditedDecision): AuditedDeal | undefined {
    const deal = this.lookUp(event);
    if (deal?.decision !== undefined) {
      deal.lateDecisions ??= [];
      deal.lateDecisions.push(decision);
      if (deal.isOver) this.reportLateDecisions(deal);
      return undefined;
    }
    if (deal === undefined) {
      if (this.isPast(event)) this.reportLate(dealName(event), decision.position, false);
      else this.reportUnknown(event, 'UNKNOWN_DEAL');
      return undefined;
    }
    this.state.checkRevision(`deal-${deal.name}`, 0, event.revision);
    return deal;
  }

  decide(deal: AuditedDeal, decision: AuditedDecision): void {
    deal.decision = decision;
    if (decision.quantityLots > 0) this.confirmed++;
    this.endIfOver(deal);
  }

  onAccepted(deal: AuditedDeal, responder: AuditedIntention): void {
    if (!this.unanswered.has(deal.name)) return;
    this.state.openDeals.add(deal); // it was aborted unanswered, and the responder does not know
    responder.unsettledDeals++;
  }

  onDeclined(deal: AuditedDeal): void {
    deal.answer = Answer.Declined;
    this.unanswered.delete(deal.name);
  }

  settle(deal: AuditedDeal, isInitiator: boolean): void {
    if (isInitiator) deal.isInitiatorSettled = true;
    else deal.isResponderSettled = true;
    if (deal.isCrossShard) deal.initiator.isProposingRemotely = false;
    this.endIfOver(deal);
  }

  /** A command is taken: every deal within the shard must have been settled before it. Each that was not is reported once. */
  reportOverdue(): void {
    const { state } = this;
    for (const deal of state.openDeals) {
      const isConfirmed = (deal.decision?.quantityLots ?? 0) > 0;
      const code = isConfirmed ? 'I2_ENTRY_WITHOUT_FILLS' : 'COMMAND_WHILE_IN_DOUBT';
      state.report(
        code,
        `a command was taken before deal ${deal.name}, proposed at position ${deal.position}, was settled`,
      );
      this.overdue.add(deal);
    }
    state.openDeals.clear();
  }

  /** At the head of the log: what may well be settled by its next events. */
  reportInDoubt(): void {
    const { openDeals, crossShardDeals } = this.state;
    for (const deal of [...openDeals, ...crossShardDeals]) {
      const step = deal.decision === undefined ? 'not decided' : 'decided, but not settled on both sides';
      this.state.reportAtHead('DEAL_IN_DOUBT', deal.position, `deal ${deal.name} is ${step}`);
      this.reportLateDecisions(deal);
    }
  }

  /** Filled, withdrawn or expired: it leaves the book, and memory too unless a deal still needs it. */
  close(intention: AuditedIntention): void {
    intention.instrument.queue(intention.side).remove(intention);
    intention.isOpen = false;
    intention.quantityLots = intention.filledLots + intention.reservedLots;
    this.state.intentions.forgetIfDone(intention);
  }

  /** Reports the decisions that came late to a deal, now that it is known whether anybody followed them. */
  reportLateDecisions(deal: AuditedDeal): void {
    for (const late of deal.lateDecisions ?? []) this.reportLate(deal.name, late.position, deal.isLateDecisionFollowed);
    deal.lateDecisions = undefined;
  }

  private endIfOver(deal: AuditedDeal): void {
    if (!deal.isOver) return;
    const { state } = this;
    const { initiator, responder } = deal;
    state.openDeals.delete(deal);
    state.crossShardDeals.delete(deal);
    this.overdue.delete(deal);
    this.reportLateDecisions(deal);
    const isRevived = this.unanswered.delete(deal.name);
    if (!isRevived) {
      initiator.proposed.splice(initiator.proposed.indexOf(deal), 1);
      initiator.unsettledDeals--;
      state.intentions.forgetIfDone(initiator);
    }
    if (responder !== undefined) {
      responder.unsettledDeals--;
      state.intentions.forgetIfDone(responder);
    }
    if (!isRevived && !deal.isCrossShard && deal.answer === Answer.None) this.unanswered.set(deal.name, deal);
    this.checkBalance(deal);
  }

  private checkBalance(deal: AuditedDeal): void {
    const { postings, terms } = deal.initiator.instrument;
    if (this.state.openDeals.size + this.overdue.size > 0 || postings.isBalanced) return;
    this.state.report('I6_UNBALANCED', `the postings of ${terms.symbol} sum to ${postings.describe()}`);
    postings.clear();
  }

  private lookUp(id: DealId): AuditedDeal | undefined {
    const proposed = this.state.intentions.get(id.initiatorId)?.proposed;
    const open = proposed?.find((deal) => deal.number === id.dealNumber);
    if (open !== undefined || this.unanswered.size === 0) return open;
    return this.unanswered.get(dealName(id));
  }

  private isPast({ initiatorId, dealNumber }: DealId): boolean {
    return dealNumber >= 1 && dealNumber <= this.state.intentions.proposalsOf(initiatorId);
  }

  private reportUnknown(id: DealId, ifSettled: FindingCode): void {
    const name = `deal ${dealName(id)}`;
    if (this.isPast(id)) this.state.report(ifSettled, `${name} is settled on both sides already`);
    else this.state.report('UNKNOWN_DEAL', `${name} was never proposed`);
  }

  private reportLate(name: string, position: number, isFollowed: boolean): void {
    const message = `deal ${name} was decided before; ${isFollowed ? 'a side followed this decision all the same' : 'this changed nothing'}`;
    this.state.findings.report('LATE_DECISION', position, message, isFollowed ? 'violation' : 'note');
  }
}
