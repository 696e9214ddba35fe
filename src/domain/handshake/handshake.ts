/**
 * The handshake, whole, in the order in which it happens.
 *
 * Two intentions whose limits cross become a deal in three steps: the standing one **proposes**, the arriving one **accepts** (all or
 * part) or declines, and the standing one **confirms**. Each step is an event first and a message second, so whatever dies, the log
 * knows how far they were; and the side that made a promise keeps the quantity reserved until the one event that decides the deal,
 * DealConfirmed or DealAborted, stands in the deal's own stream. The first decision in log order is the truth, permanently.
 *
 *     board        standing (initiator)                         arriving (responder)
 *       │ announcement →│                                              │
 *       │               │ ProposalMade, reserving q                    │
 *       │               │────────────── proposal ─────────────────────→│
 *       │               │                 ProposalAccepted, reserving q′ ≤ q: now it is in doubt
 *       │               │←───────────── acceptance ────────────────────│
 *       │               │ DealConfirmed q′  (the decision)             │
 *       │               │ DealSettled: filled q′, rest freed           │
 *       │               │───────────── confirmation ──────────────────→│
 *       │               │                     DealSettled, as the ledger says
 *
 * The two may live in different shards. Then the decision stands in the log of the initiator's shard, and nobody else decides: a
 * responder in another shard looks into that log, and where it is silent asks that shard, which aborts what is undecided.
 *
 * What keeps it safe (`npm run prove` breaks each of these rules, and shows what comes of it):
 * 1. Append, then send. A reservation is released only once the deal's decision is known.
 * 2. One decision a deal: the first in log order. A message never decides, it is a hint to look.
 * 3. The older intention initiates, and acceptors never wait, so no two proposals block each other.
 * 4. Every message carries its deal's id (the initiator and its proposal's number), and every handler may be called again. Within
 *    a shard a copy of a proposal is known by its deal in flight, from another shard by the latest that the responder has answered.
 * 5. Deadlines serve liveness alone; a lost or late message never changes who owns what.
 * 6. What a log holds is true, however late it is read. What it does not hold proves nothing to those who cannot write it.
 */
import { Index } from '../ids.js';
import { type Mailbox, type Message, MessageKind } from '../negotiators/mailbox.js';
import type { Market } from '../market.js';
import { inDoubt } from './promises.js';
import type { Recorder } from '../recorder.js';
import type { RemoteShards } from './remote-shards.js';
import { AbortReason, DeclineReason, Outcome } from '../terms.js';

/** Who has sent a message, and about which deal. */
type About = Pick<Message, 'fromId' | 'fromRow' | 'dealNumber'>;

export class Handshake {
  private readonly market: Market;
  constructor(
    private readonly recorder: Recorder,
    private readonly mailbox: Mailbox,
    private readonly remote: RemoteShards,
  ) {
    this.market = recorder.market;
  }

  /** A message from a negotiator of this shard. */
  private draft(row: number, kind: number, toId: number, toRow: number): Message {
    const message = this.mailbox.draft(kind, toId, toRow);
    message.fromId = this.market.negotiators.id(row);
    message.fromRow = row;
    return message;
  }

  // 1. The initiator hears of somebody who crosses, and proposes.

  onAnnouncement(row: number, announcement: Message): void {
    const { fromId, fromRow, priceTicks, lots: openLots } = announcement;
    const { negotiators } = this.market;
    if (negotiators.openProposal(row) !== Index.None || negotiators.isClosing(row)) return;
    const quantityLots = Math.min(negotiators.freeLots(row), openLots);
    if (quantityLots <= 0 || !negotiators.reaches(row, priceTicks)) return;
    this.recorder.proposalMade(row, announcement, quantityLots);
    const proposal = this.draft(row, MessageKind.Proposal, fromId, fromRow);
    proposal.dealNumber = negotiators.proposals(row);
    proposal.priceTicks = priceTicks;
    proposal.lots = quantityLots;
    this.mailbox.send(proposal);
  }

  // 2. The responder accepts what it can, or declines. It answers at once.

  onProposal(row: number, proposal: Message): void {
    const { negotiators } = this.market;
    const { fromId: initiatorId, dealNumber, priceTicks } = proposal;
    const known = inDoubt(this.market, row, initiatorId, dealNumber);
    if (known !== Index.None) {
      this.accept(row, proposal, this.market.deals.at(known).acceptedLots);
      return;
    }
    if (this.isKnown(row, proposal)) return;
    const lots = negotiators.isClosing(row) ? 0 : Math.min(negotiators.freeLots(row), proposal.lots);
    if (lots <= 0) {
      this.decline(row, proposal, DeclineReason.NothingLeft);
    } else if (!negotiators.reaches(row, priceTicks)) {
      this.decline(row, proposal, DeclineReason.Price);
    } else {
      this.recorder.proposalAccepted(row, proposal, lots);
      this.accept(row, proposal, lots);
    }
  }

  private accept(row: number, { fromId, fromRow, dealNumber }: Message, lots: number): void {
    const acceptance = this.draft(row, MessageKind.Acceptance, fromId, fromRow);
    acceptance.dealNumber = dealNumber;
    acceptance.participantId = this.market.negotiators.participantId(row);
    acceptance.lots = lots;
    this.mailbox.send(acceptance);
  }

  /** A proposal from another shard that is not for this responder: about another instrument, or from its own side of it. */
  declineStray(row: number, proposal: About): void {
    if (!this.isKnown(row, proposal)) this.decline(row, proposal, DeclineReason.Instrument);
  }

  private decline(row: number, proposal: About, reason: number): void {
    this.recorder.proposalDeclined(row, proposal.fromId, proposal.dealNumber, reason);
    this.sayNo(row, proposal);
  }

  private sayNo(row: number, { fromId, fromRow, dealNumber }: About): void {
    const decline = this.draft(row, MessageKind.Decline, fromId, fromRow);
    decline.dealNumber = dealNumber;
    this.mailbox.send(decline);
  }

  /** A copy of a proposal that was answered before, or one that has come late: its deal is decided, or its initiator is past it. */
  private isKnown(row: number, proposal: About): boolean {
    const { answered, negotiators } = this.market;
    const { fromId: initiatorId, dealNumber } = proposal;
    if (!this.market.isRemote(initiatorId)) return this.isOver(initiatorId, dealNumber);
    const id = negotiators.id(row);
    if (answered.hasDeclined(id, initiatorId, dealNumber)) this.sayNo(row, proposal);
    return answered.isKnown(id, initiatorId, dealNumber);
  }

  private isOver(initiatorId: number, dealNumber: number): boolean {
    const index = this.market.deals.find(initiatorId, dealNumber);
    return index === Index.None || this.market.deals.at(index).decision !== Index.None;
  }

  // 3. The initiator decides. The decision is an event of the deal's own stream; settling follows it.

  onAcceptance(row: number, acceptance: Message): void {
    const { deals, negotiators } = this.market;
    const { fromId, fromRow, dealNumber, lots } = acceptance;
    const index = negotiators.openProposal(row);
    const deal = index === Index.None ? undefined : deals.at(index);
    if (deal?.dealNumber !== dealNumber || deal.responderId !== fromId) {
      this.repeatDecision(row, acceptance);
      return;
    }
    if (deal.decision === Index.None) {
      if (lots > deal.proposedLots) throw new Error(`${lots} lots accepted of ${deal.proposedLots} proposed`);
      this.recorder.dealConfirmed(row, deal, acceptance);
    }
    this.settleProposal(row, fromRow);
  }

  onDecline(row: number, dealNumber: number, reason: number): void {
    const { deals, negotiators } = this.market;
    const index = negotiators.openProposal(row);
    if (index === Index.None) return;
    const deal = deals.at(index);
    if (deal.dealNumber !== dealNumber) return;
    const { responderRow } = deal;
    if (deal.decision === Index.None) this.recorder.dealAborted(deal, reason);
    this.settleProposal(row, responderRow);
  }

  /** Decided: fills what the decision says, frees the rest, and tells the responder to look. */
  private settleProposal(row: number, responderRow: number): void {
    const { deals, negotiators } = this.market;
    const deal = deals.at(negotiators.openProposal(row));
    const { initiatorId, dealNumber, responderId, decision: outcome, decidedLots, priceTicks } = deal;
    if (outcome === Index.None) throw new Error(`deal ${dealNumber} is settled before it is decided`);
    this.recorder.dealSettled(row, deal);
    // Its row may be free by now, so it is not asked who it was.
    const decision = this.mailbox.draft(decisionKind(outcome), responderId, responderRow);
    decision.fromId = initiatorId;
    decision.fromRow = row;
    decision.dealNumber = dealNumber;
    decision.priceTicks = priceTicks;
    decision.lots = decidedLots;
    this.mailbox.send(decision);
  }

  /** A duplicate acceptance of the latest deal gets its decision again; about an older one the responder asks the ledger. */
  private repeatDecision(row: number, { fromId, fromRow, dealNumber }: Message): void {
    const { negotiators } = this.market;
    const outcome = negotiators.lastOutcome(row);
    if (dealNumber !== negotiators.proposals(row) || outcome === Index.None) return;
    const decision = this.draft(row, decisionKind(outcome), fromId, fromRow);
    decision.dealNumber = dealNumber;
    decision.priceTicks = negotiators.lastPriceTicks(row);
    decision.lots = negotiators.lastLots(row);
    this.mailbox.send(decision);
  }

  // 4. The responder settles as the ledger says. The message itself proves nothing.

  onDecision(row: number, initiatorId: number, dealNumber: number): void {
    const index = inDoubt(this.market, row, initiatorId, dealNumber);
    if (index === Index.None) return;
    const deal = this.market.deals.at(index);
    if (deal.decision !== Index.None) {
      this.recorder.dealSettled(row, deal);
    } else if (this.market.isRemote(initiatorId)) {
      this.remote.lookUp(this.market.negotiators.id(row), initiatorId, dealNumber);
    }
  }

  /** The log of the initiator's shard holds the decision. What a log holds is durable, so this is the truth, however late it is read. */
  onLedger(row: number, { kind, fromId: initiatorId, dealNumber, priceTicks, lots }: Message): void {
    const index = inDoubt(this.market, row, initiatorId, dealNumber);
    if (index === Index.None) return;
    const { acceptedLots } = this.market.deals.at(index);
    const decision = kind === MessageKind.LedgerConfirmed ? Outcome.Confirmed : Outcome.Aborted;
    if (decision === Outcome.Confirmed && lots !== acceptedLots) {
      throw new Error(`${lots} lots confirmed of ${acceptedLots} accepted`);
    }
    this.recorder.dealSettled(row, { initiatorId, dealNumber, decision, priceTicks, decidedLots: lots });
  }

  /** It holds none, or did not when it was read: that proves nothing. Only the initiator's shard can say, and then nobody can decide otherwise. */
  onSilence(row: number, initiatorId: number, dealNumber: number): void {
    if (inDoubt(this.market, row, initiatorId, dealNumber) === Index.None) return;
    const inquiry = this.draft(row, MessageKind.Inquiry, initiatorId, Index.None);
    inquiry.dealNumber = dealNumber;
    this.mailbox.send(inquiry);
  }

  /** A responder in another shard can wait no longer. What is undecided is aborted; what is decided stays, and is said again. */
  onInquiry(row: number, inquiry: Message): void {
    const { deals, negotiators } = this.market;
    const { dealNumber } = inquiry;
    const index = negotiators.openProposal(row);
    if (index !== Index.None && deals.at(index).dealNumber === dealNumber) {
      this.onDecline(row, dealNumber, AbortReason.ResponderDeadline);
    } else {
      this.repeatDecision(row, inquiry);
    }
  }

  // 5. What goes wrong on the way: restarts and deadlines.

  /**
   * After a restart of either side: an undecided deal is resumed by proposing again, a decided one is settled. A responder whose
   * initiator lives here waits for that; one whose initiator does not, asks the ledger when its deadline falls due.
   */
  onRestart(row: number): void {
    const { deals, negotiators } = this.market;
    this.settleDoubts(row);
    if (negotiators.id(row) === 0) return;
    const index = negotiators.openProposal(row);
    if (index === Index.None) return;
    const deal = deals.at(index);
    if (deal.decision !== Index.None) {
      this.settleProposal(row, deal.responderRow);
      return;
    }
    const responderRow = negotiators.rowOf(deal.responderId);
    if (responderRow === Index.None && !deal.isCrossShard) {
      this.onDecline(row, deal.dealNumber, AbortReason.Recovery);
      return;
    }
    const proposal = this.draft(row, MessageKind.Proposal, deal.responderId, responderRow);
    proposal.dealNumber = deal.dealNumber;
    proposal.priceTicks = deal.priceTicks;
    proposal.lots = deal.proposedLots;
    this.mailbox.send(proposal);
  }

  private settleDoubts(row: number): void {
    const { deals, negotiators } = this.market;
    let index = negotiators.firstInDoubt(row);
    while (index !== Index.None) {
      const { nextInDoubt, initiatorId, dealNumber } = deals.at(index);
      this.onDecision(row, initiatorId, dealNumber);
      index = nextInDoubt;
    }
  }

  /**
   * Longer than the initiator's. Where the ledger holds no decision, the responder aborts; if another came first, that one counts.
   * A deal that is decided in another shard is only looked up; see `onSilence`.
   */
  onResponderDeadline(row: number, initiatorId: number, dealNumber: number): void {
    const index = inDoubt(this.market, row, initiatorId, dealNumber);
    if (index === Index.None) return;
    const deal = this.market.deals.at(index);
    if (deal.decision === Index.None && !deal.isCrossShard) {
      this.recorder.dealAborted(deal, AbortReason.ResponderDeadline);
    }
    this.onDecision(row, initiatorId, dealNumber);
  }
}

function decisionKind(outcome: number): number {
  return outcome === Outcome.Confirmed ? MessageKind.Confirmation : MessageKind.Abort;
}
