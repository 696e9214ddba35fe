/** What the audit knows of instruments, intentions and deals. */
import type { InstrumentListed, IntentionPosted, ProposalMade } from '../../../src/domain/journal.generated.js';
import { Phase, Side } from '../../../src/domain/terms.js';
import { dealName } from '../../ledger/deal-name.js';
import { type Limit, limitOf, Postings } from '../checks/predicates.js';
import { PriceQueue } from './price-queue.js';

export type InstrumentTerms = Readonly<Omit<InstrumentListed, 'revision' | 'instrumentId' | 'atMs'>>;

/** A listed instrument with what stands on either side, in the order of priority. */
export class AuditedInstrument {
  phase: number = Phase.Continuous;
  readonly buyers = new PriceQueue<AuditedIntention>(Side.Buy);
  readonly sellers = new PriceQueue<AuditedIntention>(Side.Sell);
  readonly postings = new Postings();

  constructor(
    readonly id: number,
    public terms: InstrumentTerms,
  ) {}

  queue(side: number): PriceQueue<AuditedIntention> {
    return side === Side.Buy ? this.buyers : this.sellers;
  }

  /** Those whom an intention of that side deals with. */
  opposite(side: number): PriceQueue<AuditedIntention> {
    return side === Side.Buy ? this.sellers : this.buyers;
  }
}

/** An intention that is open, or has still a part in a deal that is not settled. */
export class AuditedIntention {
  readonly id: number;
  readonly participantId: number;
  readonly side: number;
  readonly pricing: number;
  priceTicks: number;
  quantityLots: number;
  /** What an amendment leaves as it was posted. */
  readonly terms: Readonly<Pick<IntentionPosted, 'timeInForce' | 'postOnly' | 'expiresAtMs'>>;
  filledLots = 0;
  reservedLots = 0;
  /** False once it is filled, withdrawn or expired. */
  isOpen = true;
  /** Next revision of its stream. */
  revision = 1;
  /** How many deals it has proposed. */
  proposals = 0;
  /** The deals it has proposed that are not over. */
  readonly proposed: AuditedDeal[] = [];
  /** How many unsettled deals it has a part in, on either side. */
  unsettledDeals = 0;
  /** While a deal that it has proposed to another shard is not settled, it makes no other proposal. */
  isProposingRemotely = false;
  /** What it answered last to initiators of other shards: by initiator the deal's number, negative when it declined. */
  answered: Map<number, number> | undefined = undefined;
  /** The clients' ids of the commands that changed it last, the oldest first. */
  commands: string[] | undefined = undefined;

  constructor(
    posted: IntentionPosted,
    readonly instrument: AuditedInstrument,
    /** Position of its IntentionPosted, or of its latest IntentionAmended: the lower, the longer in its place. */
    public placePosition: number,
  ) {
    this.id = posted.intentionId;
    this.participantId = posted.participantId;
    this.side = posted.side;
    this.pricing = posted.pricing;
    this.priceTicks = posted.priceTicks;
    this.quantityLots = posted.quantityLots;
    const { timeInForce, postOnly, expiresAtMs } = posted;
    this.terms = { timeInForce, postOnly, expiresAtMs };
  }

  /** What it may still promise. */
  get freeLots(): number {
    return this.quantityLots - this.filledLots - this.reservedLots;
  }
}

/** What a side of a deal has done about it. */
export const Answer = { None: 0, Accepted: 1, Declined: 2 } as const;

export interface AuditedDecision {
  readonly outcome: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
  readonly position: number;
}

/** Between whom a deal was proposed, and where. */
type AuditedSides = Pick<AuditedDeal, 'initiator' | 'responder' | 'isCrossShard' | 'position'>;

/** A deal from its proposal until both sides have settled it; of one with another shard, the side that stands in this log. */
export class AuditedDeal {
  readonly initiator: AuditedIntention;
  readonly number: number;
  readonly responderId: number;
  /** Undefined when no such intention was open. */
  readonly responder: AuditedIntention | undefined;
  readonly priceTicks: number;
  readonly proposedLots: number;
  /** Of its proposal. */
  readonly position: number;
  /** The responder lives in another shard: what it answers and settles stands in the log there. */
  readonly isCrossShard: boolean;
  /** The initiator's limit when it proposed: while a deal waits for another shard, the limit may be amended. */
  readonly limit: Limit;
  answer: number = Answer.None;
  acceptedLots = 0;
  decision: AuditedDecision | undefined = undefined;
  /** Decisions after the first. */
  lateDecisions: AuditedDecision[] | undefined = undefined;
  isInitiatorSettled = false;
  isResponderSettled = false;
  /** A side settled as a late decision says, and not as the first. */
  isLateDecisionFollowed = false;

  constructor(
    { dealNumber, counterpartyId, priceTicks, quantityLots }: ProposalMade,
    { initiator, responder, isCrossShard, position }: AuditedSides,
  ) {
    this.initiator = initiator;
    this.number = dealNumber;
    this.responderId = counterpartyId;
    this.responder = responder;
    this.priceTicks = priceTicks;
    this.proposedLots = quantityLots;
    this.position = position;
    this.isCrossShard = isCrossShard;
    this.limit = limitOf(initiator);
  }

  get name(): string {
    return dealName({ initiatorId: this.initiator.id, dealNumber: this.number });
  }

  /** Decided, and each side that holds a reservation has settled it. A responder that has not answered holds none. */
  get isOver(): boolean {
    if (this.decision === undefined || !this.isInitiatorSettled) return false;
    return this.answer !== Answer.Accepted || this.isResponderSettled;
  }
}
