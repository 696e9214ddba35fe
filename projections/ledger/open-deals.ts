/**
 * The deals in flight: proposed, and not yet settled by both sides. A side that is in doubt about a deal finds its decision here, and
 * a decision that comes too late does not count.
 *
 * 1. A deal enters with its ProposalMade (or with a ProposalAccepted, when its initiator lives in another shard).
 * 2. The first decision in log order is the truth. A decision of a deal that is decided, or not in flight, is late.
 * 3. What a responder has accepted of another shard is decided in the log there; here it is known once the responder has settled.
 * 4. A deal leaves once it is decided and each side that holds a reservation has settled, so the table stays as small as what is
 *    under way. These are the rules that the shard itself goes by.
 */
import { isCrossShard } from '../../src/domain/ids.js';
import type * as Recorded from '../../src/domain/journal.generated.js';
import { Outcome } from '../../src/domain/terms.js';
import type { EventHandler } from '../../src/events/handlers.generated.js';
import { RowIndex } from '../book/row-index.js';

/** Not decided yet. */
export const UNDECIDED = -1;

const NONE = -1;

export class OpenDeal {
  initiatorId = 0;
  dealNumber = 0;
  responderId = 0;
  /** What each side holds reserved; 0 when it holds nothing, or has settled. */
  proposedLots = 0;
  acceptedLots = 0;
  /** An Outcome, or UNDECIDED. */
  outcome = UNDECIDED;
  /** As decided; before that the price is the promised one. */
  priceTicks = 0;
  quantityLots = 0;
  /** Where and when the latest promise was made. */
  promisedPosition = -1;
  promisedAtMs = 0;
  /** Position of the decision, or -1. */
  decidedPosition = -1;
  /** Whose intentions they are, as a confirmation says; 0 before it, and where it stands in another log. */
  initiatorParticipantId = 0;
  responderParticipantId = 0;
  /** Row of the next deal of the same initiator. */
  next = NONE;

  /** Whether the intention takes part and holds a reservation for it. */
  reservedBy(intentionId: number): number {
    if (intentionId === this.initiatorId) return this.proposedLots;
    return intentionId === this.responderId ? this.acceptedLots : 0;
  }
}

/** What the query store does not keep of them. */
type Parties = 'initiatorParticipantId' | 'responderParticipantId';

/** Where and when something happened: what a fold knows of the event that it handles. */
type When = Pick<EventHandler, 'position' | 'atMs'>;

function promised(deal: OpenDeal, { priceTicks }: { readonly priceTicks: number }, { position, atMs }: When): void {
  if (deal.outcome !== UNDECIDED) return;
  deal.priceTicks = priceTicks;
  deal.promisedPosition = position;
  deal.promisedAtMs = atMs;
}

export class OpenDeals {
  private readonly rows: OpenDeal[] = [];
  private readonly unused: number[] = [];
  private readonly firstOf = new RowIndex(64);
  size = 0;

  /** The deal, when it is in flight. */
  find(initiatorId: number, dealNumber: number): OpenDeal | undefined {
    let row = this.firstOf.get(initiatorId);
    while (row !== NONE) {
      const deal = this.at(row);
      if (deal.dealNumber === dealNumber) return deal;
      row = deal.next;
    }
    return undefined;
  }

  /** False when it had been proposed before. */
  propose(event: Recorded.ProposalMade, when: When): boolean {
    const { intentionId: initiatorId, dealNumber, counterpartyId, quantityLots } = event;
    const known = this.find(initiatorId, dealNumber);
    if (known !== undefined && known.proposedLots > 0) return false;
    const deal = known ?? this.enter(initiatorId, dealNumber, counterpartyId);
    deal.proposedLots = quantityLots;
    promised(deal, event, when);
    return true;
  }

  /** False when it had been accepted before, or was proposed to somebody else. */
  accept(event: Recorded.ProposalAccepted, when: When): boolean {
    const { intentionId: responderId, initiatorId, dealNumber, quantityLots } = event;
    const known = this.find(initiatorId, dealNumber);
    if (known !== undefined && (known.acceptedLots > 0 || known.responderId !== responderId)) return false;
    const deal = known ?? this.enter(initiatorId, dealNumber, responderId);
    deal.acceptedLots = quantityLots;
    promised(deal, event, when);
    return true;
  }

  /** False when the decision is late and means nothing. */
  confirm(event: Recorded.DealConfirmed, position: number): boolean {
    const deal = this.undecided(event.initiatorId, event.dealNumber);
    if (deal === undefined) return false;
    deal.outcome = Outcome.Confirmed;
    deal.priceTicks = event.priceTicks;
    deal.quantityLots = event.quantityLots;
    deal.decidedPosition = position;
    deal.initiatorParticipantId = event.initiatorParticipantId;
    deal.responderParticipantId = event.responderParticipantId;
    return true;
  }

  /** The same of an abort. */
  abort({ initiatorId, dealNumber }: Recorded.DealAborted, position: number): boolean {
    const deal = this.undecided(initiatorId, dealNumber);
    if (deal === undefined) return false;
    deal.outcome = Outcome.Aborted;
    deal.priceTicks = 0;
    deal.quantityLots = 0;
    deal.decidedPosition = position;
    return true;
  }

  private undecided(initiatorId: number, dealNumber: number): OpenDeal | undefined {
    const deal = this.find(initiatorId, dealNumber);
    return deal?.outcome === UNDECIDED ? deal : undefined;
  }

  /** One side takes over the decision. Returns the lots whose reservation that ends. */
  settle({ intentionId, initiatorId, dealNumber }: Recorded.DealSettled): number {
    const deal = this.find(initiatorId, dealNumber);
    if (deal === undefined) return 0;
    const isDecidedRemotely = intentionId === deal.responderId && isCrossShard(initiatorId, intentionId);
    if (deal.outcome === UNDECIDED && !isDecidedRemotely) return 0;
    const freedLots = deal.reservedBy(intentionId);
    if (intentionId === deal.initiatorId) deal.proposedLots = 0;
    else if (intentionId === deal.responderId) deal.acceptedLots = 0;
    if (deal.proposedLots === 0 && deal.acceptedLots === 0) this.leave(deal);
    return freedLots;
  }

  /** Puts back a deal as it stood when it was copied. */
  restore(from: Readonly<Omit<OpenDeal, 'next' | 'reservedBy' | Parties> & Partial<Pick<OpenDeal, Parties>>>): void {
    Object.assign(this.enter(from.initiatorId, from.dealNumber, from.responderId), from);
  }

  /** Those in flight, in no particular order. */
  *[Symbol.iterator](): Iterator<OpenDeal> {
    for (const deal of this.rows) if (deal.initiatorId !== NONE) yield deal;
  }

  private at(row: number): OpenDeal {
    return this.rows[row] as OpenDeal; // rows come from `enter` alone
  }

  private enter(initiatorId: number, dealNumber: number, responderId: number): OpenDeal {
    const row = this.unused.pop() ?? this.rows.push(new OpenDeal()) - 1;
    const deal = this.at(row);
    deal.initiatorId = initiatorId;
    deal.dealNumber = dealNumber;
    deal.responderId = responderId;
    deal.proposedLots = 0;
    deal.acceptedLots = 0;
    deal.outcome = UNDECIDED;
    deal.quantityLots = 0;
    deal.decidedPosition = -1;
    deal.initiatorParticipantId = 0;
    deal.responderParticipantId = 0;
    deal.next = this.firstOf.get(initiatorId);
    this.firstOf.set(initiatorId, row);
    this.size++;
    return deal;
  }

  private leave(deal: OpenDeal): void {
    const first = this.firstOf.get(deal.initiatorId);
    let row = first;
    if (this.at(first) === deal) {
      if (deal.next === NONE) this.firstOf.delete(deal.initiatorId);
      else this.firstOf.set(deal.initiatorId, deal.next);
    } else {
      let before = this.at(first);
      while (this.at(before.next) !== deal) before = this.at(before.next);
      row = before.next;
      before.next = deal.next;
    }
    deal.initiatorId = NONE;
    this.unused.push(row);
    this.size--;
  }
}
