import type * as Recorded from '../../src/domain/journal.generated.js';
import { DamagedEventError, toHex } from '../../src/events/bytes.js';
import { readEvent } from '../../src/events/codec.generated.js';
import type { EventBatch } from '../../src/events/fold.js';
import type { EventHandler } from '../../src/events/handlers.generated.js';
import { AbortReason, WithdrawReason } from '../../src/domain/terms.js';
import { Arrivals } from './arrivals.js';
import { Auctions } from './auctions.js';
import { DigestChain } from '../../src/log/digest-chain.js';
import type { Finding, FindingCode } from './findings.js';
import { ForeignDeals } from './foreign-deals.js';
import { Handshakes } from './handshakes.js';
import { IntentionStreams } from './intention-stream.js';
import { AuditedDeals } from './audited-deals.js';
import { Reservations } from './reservations.js';
import { ShardStream } from './shard-stream.js';
import { AuditState } from './state.js';

/** What an audit came to. */
export interface AuditReport {
  /** In log order; at most MAX_KEPT_PER_CODE of one code. */
  readonly findings: readonly Finding[];
  /** How often each code was found, kept or not. */
  readonly countByCode: ReadonlyMap<FindingCode, number>;
  readonly violationCount: number;
  readonly noteCount: number;
  /** The log could not be read to its end. */
  readonly isDamaged: boolean;
  readonly eventCount: number;
  readonly batchCount: number;
  readonly intentionCount: number;
  readonly confirmedDealCount: number;
  /** Digest of the last batch, in hexadecimal. */
  readonly digest: string;
}

const SEALED_CODE = 2;

/**
 * The audit: checks a shard's log from its first event, in one pass, against the protocol and those invariants that a log shows
 * (`projections/invariants.ts`). It shares nothing with the exchange but the catalogue of events: what should have happened is worked
 * out again, and simply. No event is ignored: one that is new in the catalogue does not compile before it is checked here.
 *
 * Of a deal that leads to another shard it checks the side that stands in this log. Left to who reads both logs are what the other side
 * had promised, its limit, that the postings of both sum to zero, and when it settles.
 *
 * Give it batches (`auditBatch`), which checks their seals too; or single events, as any other fold. What one event breaks is found
 * at that event's position, and the audit goes on from what the log says.
 */
export class AuditFold implements EventHandler {
  position = -1;
  atMs = 0;
  private readonly state = new AuditState();
  private readonly deals = new AuditedDeals(this.state);
  private readonly arrivals = new Arrivals(this.state);
  private readonly auctions = new Auctions(this.state);
  private readonly intentions = new IntentionStreams(this.state, this.deals, this.arrivals, this.auctions);
  private readonly reservations = new Reservations(this.state, this.deals);
  private readonly handshakes = new Handshakes({
    state: this.state,
    deals: this.deals,
    reservations: this.reservations,
    arrivals: this.arrivals,
    auctions: this.auctions,
  });
  private readonly foreignDeals = new ForeignDeals(this.state, this.reservations);
  private readonly shard = new ShardStream(this.state, this.auctions);
  private readonly chain = new DigestChain();
  /** Of the latest BatchSealed: a view on its batch's own memory. */
  private sealedDigest: Uint8Array = new Uint8Array(0);
  private isDamaged = false;
  private head = 0;
  private batchCount = 0;

  /** Checks the next batch. After damage there is nothing more to be had from the log. */
  auditBatch(batch: EventBatch): void {
    if (this.isDamaged) return;
    const { bytes, firstPosition, count } = batch;
    if (firstPosition !== this.head) {
      this.findAt(
        'POSITION_GAP',
        firstPosition,
        `the batch begins at ${firstPosition}, the one before it ended at ${this.head}`,
      );
    }
    const cursor = { bytes, at: 0, end: bytes.length };
    let position = firstPosition;
    let lastAt = 0;
    let code = 0;
    try {
      while (cursor.at < cursor.end) {
        if (code === SEALED_CODE) this.findAt('SEAL_MISPLACED', position - 1, 'events follow in the same batch');
        lastAt = cursor.at;
        this.position = position;
        code = readEvent(cursor, this);
        position++;
      }
    } catch (error) {
      if (!(error instanceof DamagedEventError)) throw error;
      this.damaged('EVENT_DAMAGED', error.message);
      return;
    }
    if (position - firstPosition !== count) {
      this.findAt(
        'COUNT_DIFFERS',
        firstPosition,
        `the batch says ${count} events and holds ${position - firstPosition}`,
      );
    }
    if (code === SEALED_CODE) this.checkSeal(bytes, lastAt);
    else this.findAt('BATCH_UNSEALED', position - 1, 'the batch does not end with a BatchSealed');
    this.head = position;
    this.batchCount++;
  }

  private checkSeal(bytes: Uint8Array, sealAt: number): void {
    const sealed = this.sealedDigest;
    const expected = this.chain.next(bytes.subarray(0, sealAt));
    if (expected.some((byte, index) => byte !== sealed[index])) {
      this.findAt(
        'DIGEST_MISMATCH',
        this.position,
        `the digest is ${toHex(sealed)}, the events give ${toHex(expected)}`,
      );
    }
    this.chain.advance(sealed);
  }

  /** Position after the last event that was read. */
  get readTo(): number {
    return this.head;
  }

  /** Of the last batch, in hexadecimal. */
  get digest(): string {
    return this.chain.hex;
  }

  /** Whether the log could not be read to its end. */
  get isBroken(): boolean {
    return this.isDamaged;
  }

  /** Something beside the log says so. */
  toldBeside(code: 'LOG_LOST' | 'LOG_REPAIRED' | 'ANCHOR_NOT_HELD', position: number, message: string): void {
    this.findAt(code, position, message);
  }

  /** The log cannot be read any further. */
  damaged(code: 'LOG_DAMAGED' | 'LOG_LOST' | 'EVENT_DAMAGED', message: string): void {
    this.isDamaged = true;
    this.findAt(code, Math.max(this.position, this.head), message);
  }

  private findAt(code: FindingCode, position: number, message: string): void {
    this.state.findings.report(code, position, message);
  }

  /** To be called once, at the head of the log. What a running or crashed exchange may leave unfinished there becomes notes. */
  finish(): AuditReport {
    const { findings, arrival, auction, intentions } = this.state;
    this.deals.reportInDoubt();
    this.foreignDeals.reportInDoubt();
    if (this.arrivals.isUnderWay && arrival !== undefined) {
      const { id, placePosition } = arrival.intention;
      findings.report('ARRIVAL_UNDER_WAY', placePosition, `at the head of the log, intention ${id} is still arriving`);
    }
    if (this.auctions.isUnderWay && auction !== undefined) {
      const { dealtLots, volumeLots, position } = auction;
      findings.report(
        'AUCTION_UNDER_WAY',
        position,
        `at the head of the log, ${dealtLots} of ${volumeLots} lots are dealt`,
      );
    }
    return {
      findings: findings.list(),
      countByCode: findings.countByCode(),
      violationCount: findings.violationCount,
      noteCount: findings.noteCount,
      isDamaged: this.isDamaged,
      eventCount: this.head,
      batchCount: this.batchCount,
      intentionCount: intentions.posted,
      confirmedDealCount: this.deals.confirmed,
      digest: this.chain.hex,
    };
  }

  private look(): AuditState {
    this.state.position = this.position;
    return this.state;
  }

  private shardEvent(revision: number): void {
    this.look();
    this.shard.checkStarted();
    this.shard.event(revision);
  }

  /** What the command before this one began must have ended: its deals, its arrival, its auction. */
  private command(): void {
    this.aside();
    this.arrivals.end();
    this.auctions.end();
  }

  /** The same of a command besides: a new writer then still takes up again the arrival or auction before it. */
  private aside(): void {
    this.look();
    this.deals.reportOverdue();
    this.arrivals.rest();
    this.auctions.rest();
  }

  /**
   * The event is about a deal with this intention. What comes from other shards is taken only between commands, so what the command
   * before it began must have ended; but deals with other shards go on while commands are taken.
   */
  private leadsElsewhere(otherId: number): boolean {
    this.look();
    if (!this.state.intentions.isRemote(otherId)) return false;
    this.arrivals.rest();
    this.auctions.rest();
    return true;
  }

  /** Where deals of this initiator are checked. */
  private dealsOf(initiatorId: number): Handshakes | ForeignDeals {
    return this.leadsElsewhere(initiatorId) ? this.foreignDeals : this.handshakes;
  }

  shardStarted({ revision, shard, epoch }: Recorded.ShardStarted): void {
    this.look();
    this.shard.event(revision);
    this.shard.started(shard, epoch);
    this.arrivals.resume();
    this.auctions.resume();
  }

  lossAccepted({ revision, knownPosition, evidence }: Recorded.LossAccepted): void {
    this.shardEvent(revision);
    const what = `the log went on here although it was known up to position ${knownPosition}: ${evidence}`;
    this.state.report('LOSS_ACCEPTED', what);
  }

  batchSealed({ revision, digest }: Recorded.BatchSealed): void {
    this.shardEvent(revision);
    this.sealedDigest = digest;
  }

  participantAdmitted({ revision, participantId, name }: Recorded.ParticipantAdmitted): void {
    this.shardEvent(revision);
    this.shard.admitted(participantId, name);
  }

  instrumentListed(event: Recorded.InstrumentListed): void {
    this.shardEvent(event.revision);
    this.aside();
    this.shard.listed(event);
  }

  phaseChanged({ revision, instrumentId, phase }: Recorded.PhaseChanged): void {
    this.shardEvent(revision);
    this.command();
    this.shard.phaseChanged(instrumentId, phase);
  }

  auctionUncrossed(event: Recorded.AuctionUncrossed): void {
    this.shardEvent(event.revision);
    this.command();
    this.shard.uncrossed(event);
  }

  intentionPosted(event: Recorded.IntentionPosted): void {
    this.command();
    this.shard.checkStarted();
    this.intentions.posted(event);
  }

  proposalMade(event: Recorded.ProposalMade): void {
    this.leadsElsewhere(event.counterpartyId);
    this.handshakes.proposed(event);
  }

  proposalAccepted(event: Recorded.ProposalAccepted): void {
    this.dealsOf(event.initiatorId).accepted(event);
  }

  proposalDeclined(event: Recorded.ProposalDeclined): void {
    this.dealsOf(event.initiatorId).declined(event);
  }

  dealSettled(event: Recorded.DealSettled): void {
    this.dealsOf(event.initiatorId).settled(event);
  }

  intentionReduced(event: Recorded.IntentionReduced): void {
    this.command();
    this.intentions.reduced(event);
  }

  intentionAmended(event: Recorded.IntentionAmended): void {
    this.command();
    this.intentions.amended(event);
  }

  intentionWithdrawn(event: Recorded.IntentionWithdrawn): void {
    this.look();
    if (event.reason === WithdrawReason.Requested) this.aside();
    this.intentions.withdrawn(event);
  }

  intentionExpired(event: Recorded.IntentionExpired): void {
    this.look();
    this.intentions.expired(event);
  }

  dealConfirmed(event: Recorded.DealConfirmed): void {
    this.leadsElsewhere(event.responderId);
    this.dealsOf(event.initiatorId).confirmed(event);
  }

  dealAborted(event: Recorded.DealAborted): void {
    // A negotiator that fails is parked in the middle of an arrival, too.
    if (event.reason !== AbortReason.Parked) this.leadsElsewhere(event.responderId);
    this.dealsOf(event.initiatorId).aborted(event);
  }
}
