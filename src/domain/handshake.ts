/**
 * The handshake, whole, in the order in which it happens.
 *
 * Two intentions whose limits cross become a deal in three steps: the standing one **proposes**, the arriving one **accepts** (all or
 * part) or declines, and the standing one **confirms**. Each step is an event first and a message second, so whatever dies, the log
 * knows how far they were; and whoever made a promise keeps the quantity reserved until the one event that decides the deal,
 * DealConfirmed or DealAborted, stands in the deal's own stream. The first decision in log order is the truth, for ever.
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
 * responder elsewhere looks into that log, and where it is silent asks that shard, which aborts what is undecided.
 *
 * What keeps it safe (`npm run prove` breaks each of these rules, and shows what comes of it):
 * 1. Append, then send. A reservation is released only once the deal's decision is known.
 * 2. One decision a deal: the first in log order. A message never decides, it is a hint to look.
 * 3. The older intention initiates, and acceptors never wait, so no two proposals block each other.
 * 4. Every message carries its deal's id (the initiator and its proposal's number), and every handler may be called again. Within
 *    a shard a copy of a proposal is known by its deal in flight, from elsewhere by the latest that the responder has answered.
 * 5. Deadlines serve liveness alone; a lost or late message never changes who owns what.
 * 6. What a log holds is true, however late it is read. What it does not hold proves nothing to those who cannot write it.
 */
import type { DealInFlight } from './deals.js';
import { type RemoteShards, noRemoteShards } from './remote-shards.js';
import { type Mailbox, Message, type Receive } from './mailbox.js';
import type { Market } from './market.js';
import { NONE } from './negotiator-table.js';
import type { Recorder } from './recorder.js';
import { AbortReason, DeclineReason, Outcome } from './terms.js';

export class Handshake {
  private readonly market: Market;
  /** Whose turn it is, 0 once no message is waiting: when a turn throws, this is who failed. */
  receiverId = 0;

  constructor(
    private readonly recorder: Recorder,
    private readonly mailbox: Mailbox,
    private readonly elsewhere: RemoteShards = noRemoteShards,
  ) {
    this.market = recorder.market;
  }

  /** One turn: one message to one negotiator. A message to somebody who is gone is dropped; the ledger answers in their stead. */
  readonly receive: Receive = (kind, toId, toRow, fromId, fromRow, dealNumber, priceTicks, lots) => {
    const row = this.rowFor(toId, toRow);
    if (row === NONE) {
      if (this.market.isRemote(toId)) this.elsewhere.send(kind, toId, fromId, dealNumber, priceTicks, lots);
      return;
    }
    this.receiverId = toId;
    switch (kind) {
      case Message.Announcement:
        this.onAnnouncement(row, fromId, fromRow, priceTicks, lots);
        return;
      case Message.Proposal:
        this.onProposal(row, fromId, fromRow, dealNumber, priceTicks, lots);
        return;
      case Message.Acceptance:
        this.onAcceptance(row, fromId, fromRow, dealNumber, priceTicks, lots);
        return;
      case Message.Decline:
        this.onDecline(row, dealNumber, AbortReason.Declined);
        return;
      case Message.Confirmation:
      case Message.Abort:
        this.onDecision(row, fromId, dealNumber);
        return;
      case Message.Restarted:
      case Message.PartnerRestarted:
        this.onRestart(row);
        return;
      case Message.InitiatorDeadline:
        this.onDecline(row, dealNumber, AbortReason.InitiatorDeadline);
        return;
      case Message.ResponderDeadline:
        this.onResponderDeadline(row, fromId, dealNumber);
        return;
      case Message.Inquiry:
        this.onInquiry(row, fromId, dealNumber);
        return;
      case Message.LedgerConfirmed:
      case Message.LedgerAborted:
        this.onLedger(row, fromId, dealNumber, kind, priceTicks, lots);
        return;
      case Message.LedgerSilent:
        this.onSilence(row, fromId, dealNumber);
        return;
      default:
        throw new Error(`no message has the kind ${kind}`);
    }
  };

  /** Rows are hints: they are given to others once their negotiator is gone. */
  private rowFor(id: number, hint: number): number {
    const { negotiators } = this.market;
    return hint !== NONE && negotiators.id(hint) === id ? hint : negotiators.rowOf(id);
  }

  // 1. The initiator hears of somebody who crosses, and proposes.

  private onAnnouncement(
    row: number,
    arrivingId: number,
    arrivingRow: number,
    priceTicks: number,
    openLots: number,
  ): void {
    const { negotiators } = this.market;
    if (negotiators.openProposal(row) !== NONE || negotiators.isClosing(row)) return;
    const lots = Math.min(negotiators.freeLots(row), openLots);
    if (lots <= 0 || !negotiators.reaches(row, priceTicks)) return;
    const dealNumber = negotiators.proposals(row) + 1;
    this.recorder.proposalMade(row, dealNumber, arrivingId, priceTicks, lots);
    this.mailbox.send(
      Message.Proposal,
      arrivingId,
      arrivingRow,
      negotiators.id(row),
      row,
      dealNumber,
      priceTicks,
      lots,
    );
  }

  // 2. The responder accepts what it can, or declines. It answers at once.

  private onProposal(
    row: number,
    initiatorId: number,
    initiatorRow: number,
    dealNumber: number,
    priceTicks: number,
    proposedLots: number,
  ): void {
    const { negotiators } = this.market;
    const acceptedLots = this.acceptedBefore(row, initiatorId, dealNumber);
    if (acceptedLots > 0) {
      this.accept(row, initiatorId, initiatorRow, dealNumber, acceptedLots);
      return;
    }
    if (this.isKnown(row, initiatorId, initiatorRow, dealNumber)) return;
    const lots = negotiators.isClosing(row) ? 0 : Math.min(negotiators.freeLots(row), proposedLots);
    if (lots <= 0) {
      this.decline(row, initiatorId, initiatorRow, dealNumber, DeclineReason.NothingLeft);
    } else if (!negotiators.reaches(row, priceTicks)) {
      this.decline(row, initiatorId, initiatorRow, dealNumber, DeclineReason.Price);
    } else {
      this.recorder.proposalAccepted(row, initiatorId, dealNumber, priceTicks, lots);
      this.accept(row, initiatorId, initiatorRow, dealNumber, lots);
    }
  }

  private accept(row: number, initiatorId: number, initiatorRow: number, dealNumber: number, lots: number): void {
    const { negotiators } = this.market;
    const participantId = negotiators.participantId(row);
    this.mailbox.send(
      Message.Acceptance,
      initiatorId,
      initiatorRow,
      negotiators.id(row),
      row,
      dealNumber,
      participantId,
      lots,
    );
  }

  /** A proposal from elsewhere that is not for this responder: about another instrument, or from its own side of it. */
  declineStray(row: number, initiatorId: number, dealNumber: number): void {
    if (this.isKnown(row, initiatorId, NONE, dealNumber)) return;
    this.decline(row, initiatorId, NONE, dealNumber, DeclineReason.Instrument);
  }

  private decline(row: number, initiatorId: number, initiatorRow: number, dealNumber: number, reason: number): void {
    this.recorder.proposalDeclined(row, initiatorId, dealNumber, reason);
    this.sayNo(row, initiatorId, initiatorRow, dealNumber);
  }

  private sayNo(row: number, initiatorId: number, initiatorRow: number, dealNumber: number): void {
    const id = this.market.negotiators.id(row);
    this.mailbox.send(Message.Decline, initiatorId, initiatorRow, id, row, dealNumber, 0, 0);
  }

  /** What this responder has accepted of a deal that it is still in doubt about, or 0. */
  private acceptedBefore(row: number, initiatorId: number, dealNumber: number): number {
    const index = this.doubt(row, initiatorId, dealNumber);
    return index === NONE ? 0 : this.market.deals.at(index).acceptedLots;
  }

  /** A copy of a proposal that was answered before, or one that has come late: its deal is decided, or its initiator is past it. */
  private isKnown(row: number, initiatorId: number, initiatorRow: number, dealNumber: number): boolean {
    const { answered, negotiators } = this.market;
    if (!this.market.isRemote(initiatorId)) return this.isOver(initiatorId, dealNumber);
    const id = negotiators.id(row);
    if (answered.hasDeclined(id, initiatorId, dealNumber)) this.sayNo(row, initiatorId, initiatorRow, dealNumber);
    return answered.isKnown(id, initiatorId, dealNumber);
  }

  private isOver(initiatorId: number, dealNumber: number): boolean {
    const index = this.market.deals.find(initiatorId, dealNumber);
    return index === NONE || this.market.deals.at(index).decision !== NONE;
  }

  // 3. The initiator decides. The decision is an event of the deal's own stream; settling follows it.

  private onAcceptance(
    row: number,
    responderId: number,
    responderRow: number,
    dealNumber: number,
    participantId: number,
    lots: number,
  ): void {
    const { deals, negotiators } = this.market;
    const index = negotiators.openProposal(row);
    if (index === NONE || !isOf(deals.at(index), responderId, dealNumber)) {
      this.repeatDecision(row, responderId, responderRow, dealNumber);
      return;
    }
    const deal = deals.at(index);
    if (deal.decision === NONE) {
      if (lots > deal.proposedLots) throw new Error(`${lots} lots accepted of ${deal.proposedLots} proposed`);
      this.recorder.dealConfirmed(row, dealNumber, responderId, participantId, deal.priceTicks, lots);
    }
    this.settleProposal(row, responderRow);
  }

  private onDecline(row: number, dealNumber: number, reason: number): void {
    const { deals, negotiators } = this.market;
    const index = negotiators.openProposal(row);
    if (index === NONE) return;
    const deal = deals.at(index);
    if (deal.dealNumber !== dealNumber) return;
    const { responderId, responderRow } = deal;
    if (deal.decision === NONE) this.recorder.dealAborted(negotiators.id(row), dealNumber, responderId, reason);
    this.settleProposal(row, responderRow);
  }

  /** Decided: fills what the decision says, frees the rest, and tells the responder to look. */
  private settleProposal(row: number, responderRow: number): void {
    const { deals, negotiators } = this.market;
    const deal = deals.at(negotiators.openProposal(row));
    const { dealNumber, responderId, decision, decidedLots, priceTicks } = deal;
    if (decision === NONE) throw new Error(`deal ${dealNumber} is settled before it is decided`);
    const id = negotiators.id(row);
    this.recorder.dealSettled(row, id, dealNumber, decision, priceTicks, decidedLots);
    const kind = decision === Outcome.Confirmed ? Message.Confirmation : Message.Abort;
    this.mailbox.send(kind, responderId, responderRow, id, row, dealNumber, priceTicks, decidedLots);
  }

  /** A duplicate acceptance of the latest deal gets its decision again; about an older one the responder asks the ledger. */
  private repeatDecision(row: number, responderId: number, responderRow: number, dealNumber: number): void {
    const { negotiators } = this.market;
    if (dealNumber !== negotiators.proposals(row) || negotiators.lastOutcome(row) === NONE) return;
    const kind = negotiators.lastOutcome(row) === Outcome.Confirmed ? Message.Confirmation : Message.Abort;
    const price = negotiators.lastPriceTicks(row);
    const lots = negotiators.lastLots(row);
    this.mailbox.send(kind, responderId, responderRow, negotiators.id(row), row, dealNumber, price, lots);
  }

  // 4. The responder settles as the ledger says. The message itself proves nothing.

  private onDecision(row: number, initiatorId: number, dealNumber: number): void {
    const index = this.doubt(row, initiatorId, dealNumber);
    if (index === NONE) return;
    const deal = this.market.deals.at(index);
    if (deal.decision !== NONE) {
      this.recorder.dealSettled(row, initiatorId, dealNumber, deal.decision, deal.priceTicks, deal.decidedLots);
    } else if (this.market.isRemote(initiatorId)) {
      this.elsewhere.lookUp(this.market.negotiators.id(row), initiatorId, dealNumber);
    }
  }

  /** The log of the initiator's shard holds the decision. What a log holds is durable, so this is the truth, however late it is read. */
  private onLedger(
    row: number,
    initiatorId: number,
    dealNumber: number,
    kind: number,
    priceTicks: number,
    lots: number,
  ): void {
    const index = this.doubt(row, initiatorId, dealNumber);
    if (index === NONE) return;
    const { acceptedLots } = this.market.deals.at(index);
    const outcome = kind === Message.LedgerConfirmed ? Outcome.Confirmed : Outcome.Aborted;
    if (outcome === Outcome.Confirmed && lots !== acceptedLots) {
      throw new Error(`${lots} lots confirmed of ${acceptedLots} accepted`);
    }
    this.recorder.dealSettled(row, initiatorId, dealNumber, outcome, priceTicks, lots);
  }

  /** It holds none, or did not when it was read: that proves nothing. Only the initiator's shard can say, and then nobody can decide otherwise. */
  private onSilence(row: number, initiatorId: number, dealNumber: number): void {
    if (this.doubt(row, initiatorId, dealNumber) === NONE) return;
    const id = this.market.negotiators.id(row);
    this.mailbox.send(Message.Inquiry, initiatorId, NONE, id, row, dealNumber, 0, 0);
  }

  /** A responder elsewhere can wait no longer. What is undecided is aborted; what is decided stays, and is said again. */
  private onInquiry(row: number, responderId: number, dealNumber: number): void {
    const { deals, negotiators } = this.market;
    const index = negotiators.openProposal(row);
    if (index !== NONE && deals.at(index).dealNumber === dealNumber) {
      this.onDecline(row, dealNumber, AbortReason.ResponderDeadline);
    } else {
      this.repeatDecision(row, responderId, NONE, dealNumber);
    }
  }

  /** The deal in flight that this responder has accepted and not settled yet, or NONE. */
  private doubt(row: number, initiatorId: number, dealNumber: number): number {
    const { deals, negotiators } = this.market;
    let index = negotiators.firstInDoubt(row);
    while (index !== NONE) {
      const deal = deals.at(index);
      if (deal.initiatorId === initiatorId && deal.dealNumber === dealNumber) return index;
      index = deal.nextInDoubt;
    }
    return NONE;
  }

  // 5. What goes wrong on the way: restarts and deadlines.

  /**
   * After a restart of either side: an undecided deal is resumed by proposing again, a decided one is settled. A responder whose
   * initiator lives here waits for that; one whose initiator does not, asks the ledger when its deadline falls due.
   */
  private onRestart(row: number): void {
    const { deals, negotiators } = this.market;
    this.settleDoubts(row);
    if (negotiators.id(row) === 0) return;
    const index = negotiators.openProposal(row);
    if (index === NONE) return;
    const deal = deals.at(index);
    if (deal.decision !== NONE) {
      this.settleProposal(row, deal.responderRow);
      return;
    }
    const responderRow = negotiators.rowOf(deal.responderId);
    if (responderRow === NONE && !deal.isCrossShard) {
      this.onDecline(row, deal.dealNumber, AbortReason.Recovery);
      return;
    }
    this.mailbox.send(
      Message.Proposal,
      deal.responderId,
      responderRow,
      negotiators.id(row),
      row,
      deal.dealNumber,
      deal.priceTicks,
      deal.proposedLots,
    );
  }

  private settleDoubts(row: number): void {
    const { deals, negotiators } = this.market;
    let index = negotiators.firstInDoubt(row);
    while (index !== NONE) {
      const { nextInDoubt, initiatorId, dealNumber } = deals.at(index);
      this.onDecision(row, initiatorId, dealNumber);
      index = nextInDoubt;
    }
  }

  /**
   * Longer than the initiator's. Where the ledger holds no decision, the responder aborts; if another came first, that one counts.
   * A deal that is decided elsewhere is only looked up; see `onSilence`.
   */
  private onResponderDeadline(row: number, initiatorId: number, dealNumber: number): void {
    const index = this.doubt(row, initiatorId, dealNumber);
    if (index === NONE) return;
    const deal = this.market.deals.at(index);
    if (deal.decision === NONE && !deal.isCrossShard) {
      const id = this.market.negotiators.id(row);
      this.recorder.dealAborted(initiatorId, dealNumber, id, AbortReason.ResponderDeadline);
    }
    this.onDecision(row, initiatorId, dealNumber);
  }
}

/** Whether this is the deal, and that its responder. */
function isOf(deal: DealInFlight, responderId: number, dealNumber: number): boolean {
  return deal.dealNumber === dealNumber && deal.responderId === responderId;
}
