import { isWithinLimit, type Limit } from '../checks/predicates.js';
import { Findings, type FindingCode, type Severity } from '../findings.js';
import { Intentions } from './intentions.js';
import type { AuctionPairs } from '../checks/auction-pairs.js';
import type { AuditedDeal, AuditedInstrument, AuditedIntention } from './records.js';

/** An intention on its way past the book, since it was posted or amended in continuous trading. */
export interface AuditedArrival {
  readonly intention: AuditedIntention;
  /** Those who proposed to it in vain: they have been asked, and need not be asked again. */
  asked: Set<AuditedIntention> | undefined;
  /** A party was parked, or a deal was aborted: it may end otherwise than the book promised when it began. */
  isDisturbed: boolean;
  /** It has ended, and that was checked. */
  isAtRest: boolean;
  /** A new writer takes it past the book again: those may be willing by now whom deals with other shards had held. */
  isResumed: boolean;
}

/** Where an event stands in the stream of its intention. */
interface StreamEvent {
  readonly intentionId: number;
  readonly revision: number;
}

/**
 * What the parts of the audit share: the state of the shard by its log, and where findings go.
 *
 * 1. It follows the log even where that is wrong, so that one lie gives one finding and not a thousand.
 * 2. It holds what is open, and a few bytes for each intention that ever was.
 */
export class AuditState {
  /** Of the event that is being looked at. */
  position = -1;
  readonly findings = new Findings();
  /** Numbers of those who were admitted. */
  readonly participants = new Set<number>();
  readonly instruments = new Map<number, AuditedInstrument>();
  readonly intentions = new Intentions();
  /** Proposed, and not settled on both sides. */
  readonly openDeals = new Set<AuditedDeal>();
  /** Proposed to another shard, and not settled here. No command waits for them. */
  readonly crossShardDeals = new Set<AuditedDeal>();
  /** The one arrival that is under way in the shard, if any. */
  arrival: AuditedArrival | undefined = undefined;
  /** The one auction that is under way in the shard, if any. */
  auction: AuctionPairs | undefined = undefined;

  report(code: FindingCode, message: string, severity?: Severity): void {
    this.findings.report(code, this.position, message, severity);
  }

  /** Like `report`, about something at a position that is not over at the head of the log. */
  reportAtHead(code: FindingCode, position: number, what: string): void {
    this.findings.report(code, position, `at the head of the log, ${what}`);
  }

  /** Checks the revision of an event of an intention's stream. Returns the intention, unless it is over and done with. */
  stream({ intentionId: id, revision }: StreamEvent): AuditedIntention | undefined {
    const intention = this.intentions.get(id);
    const expected = intention?.revision ?? this.intentions.forgottenRevision(id);
    if (expected === 0) {
      this.report('UNKNOWN_INTENTION', `intention ${id} was never posted`);
      return undefined;
    }
    this.checkRevision(`intention-${id}`, expected, revision);
    if (intention !== undefined) intention.revision = revision + 1;
    else this.intentions.bumpForgotten(id);
    return intention;
  }

  /** Like `stream`, for what only an open intention does. */
  openStream(event: StreamEvent, does: string): AuditedIntention | undefined {
    const { intentionId: id } = event;
    const intention = this.stream(event);
    if (intention?.isOpen === true) return intention;
    if (intention !== undefined || this.intentions.forgottenRevision(id) > 0) {
      this.report('INTENTION_CLOSED', `intention ${id} is filled, withdrawn or expired, and yet ${does}`);
    }
    return undefined;
  }

  /** I5, of one side of a deal, by the limit that it had when it promised. */
  checkLimit(deal: string, intentionId: number, limit: Limit, priceTicks: number): void {
    if (isWithinLimit(limit, priceTicks)) return;
    const what = `deal ${deal} at ${priceTicks} is beyond intention ${intentionId}’s limit ${limit.priceTicks}`;
    this.report('I5_PRICE_OUTSIDE_LIMITS', what);
  }

  checkRevision(stream: string, expected: number, revision: number): void {
    if (revision === expected) return;
    this.report('REVISION_GAP', `${stream} has come to revision ${expected}, the event says ${revision}`);
  }
}
