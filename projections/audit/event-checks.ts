import type * as Recorded from '../../src/domain/journal.generated.js';
import type { EventHandler } from '../../src/events/handlers.generated.js';
import { AbortReason } from '../../src/domain/terms.js';
import { Arrivals } from './checks/arrivals.js';
import { Auctions } from './checks/auctions.js';
import { ForeignDeals } from './checks/foreign-deals.js';
import { Handshakes } from './checks/handshakes.js';
import { IntentionStreams, isAsked, isRequested } from './checks/intention-stream.js';
import { OwedWithdrawals } from './checks/owed-withdrawals.js';
import { ParticipantLimits } from './checks/participant-limits.js';
import { AuditedDeals } from './state/audited-deals.js';
import { Reservations } from './state/reservations.js';
import { ShardStream } from './checks/shard-stream.js';
import { AuditState } from './state/state.js';

/**
 * Takes each event of a log to the checks that it concerns. No event is ignored: one that is new in the catalogue does not compile
 * before it is checked here.
 *
 * Of a deal that leads to another shard it checks the side that stands in this log. Left to those who read both logs are what the other
 * side had promised, its limit, that the postings of both sum to zero, and when it settles.
 */
export class EventChecks implements EventHandler {
  position = -1;
  atMs = 0;
  protected readonly state = new AuditState();
  protected readonly deals = new AuditedDeals(this.state);
  protected readonly arrivals = new Arrivals(this.state);
  protected readonly auctions = new Auctions(this.state);
  private readonly limits = new ParticipantLimits(this.state);
  protected readonly owed = new OwedWithdrawals(this.state);
  private readonly intentions = new IntentionStreams(this.state, {
    deals: this.deals,
    arrivals: this.arrivals,
    auctions: this.auctions,
    limits: this.limits,
  });
  private readonly reservations = new Reservations(this.state, this.deals);
  private readonly handshakes = new Handshakes({
    state: this.state,
    deals: this.deals,
    reservations: this.reservations,
    arrivals: this.arrivals,
    auctions: this.auctions,
  });
  protected readonly foreignDeals = new ForeignDeals(this.state, this.reservations);
  private readonly shard = new ShardStream(this.state, this.auctions);
  /** Of the latest BatchSealed: a view on its batch's own memory. */
  protected sealedDigest: Uint8Array = new Uint8Array(0);

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
  private command(atMs: number): void {
    this.aside(atMs);
    this.arrivals.end();
    this.auctions.end();
  }

  /** The same of a command besides: a new writer then still takes up again the arrival or auction before it. */
  private aside(atMs: number): void {
    this.look();
    this.owed.command(atMs);
    this.between();
  }

  /** No command, but what comes between commands alone. */
  private between(): void {
    this.look();
    this.deals.reportOverdue();
    this.arrivals.rest();
    this.auctions.rest();
  }

  /**
   * The event is about a deal with this intention. What comes from other shards is taken only between commands, so what the command
   * before it began must have ended; but deals with other shards go on while commands are taken.
   */
  private crossesShards(otherId: number): boolean {
    this.look();
    if (!this.state.intentions.isRemote(otherId)) return false;
    this.arrivals.rest();
    this.auctions.rest();
    return true;
  }

  /** Where deals of this initiator are checked. */
  private dealsOf(initiatorId: number): Handshakes | ForeignDeals {
    return this.crossesShards(initiatorId) ? this.foreignDeals : this.handshakes;
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
    this.aside(event.atMs);
    this.shard.listed(event);
  }

  switchSet(event: Recorded.SwitchSet): void {
    this.shardEvent(event.revision);
    this.command(event.atMs);
    this.owed.switchSet(event);
  }

  switchLapsed(event: Recorded.SwitchLapsed): void {
    this.shardEvent(event.revision);
    this.between();
    this.owed.lapsed(event);
  }

  limitsSet(event: Recorded.LimitsSet): void {
    this.shardEvent(event.revision);
    this.command(event.atMs);
    this.limits.set(event);
    this.owed.limitsSet(event);
  }

  postRefused(event: Recorded.PostRefused): void {
    this.shardEvent(event.revision);
    this.command(event.atMs);
    this.limits.refused(event);
  }

  phaseChanged({ revision, instrumentId, phase, atMs }: Recorded.PhaseChanged): void {
    this.shardEvent(revision);
    this.command(atMs);
    this.shard.phaseChanged(instrumentId, phase);
  }

  auctionUncrossed(event: Recorded.AuctionUncrossed): void {
    this.shardEvent(event.revision);
    this.command(event.atMs);
    this.shard.uncrossed(event);
  }

  intentionPosted(event: Recorded.IntentionPosted): void {
    this.command(event.atMs);
    this.shard.checkStarted();
    this.intentions.posted(event);
  }

  proposalMade(event: Recorded.ProposalMade): void {
    this.crossesShards(event.counterpartyId);
    this.handshakes.proposed(event);
  }

  proposalAccepted(event: Recorded.ProposalAccepted): void {
    this.dealsOf(event.initiatorId).accepted(event);
  }

  proposalDeclined(event: Recorded.ProposalDeclined): void {
    this.dealsOf(event.initiatorId).declined(event);
  }

  dealSettled(event: Recorded.DealSettled): void {
    const deals = this.dealsOf(event.initiatorId);
    this.limits.settled(event);
    deals.settled(event);
  }

  intentionReduced(event: Recorded.IntentionReduced): void {
    this.command(event.atMs);
    this.intentions.reduced(event);
  }

  intentionAmended(event: Recorded.IntentionAmended): void {
    this.command(event.atMs);
    this.intentions.amended(event);
  }

  intentionWithdrawn(event: Recorded.IntentionWithdrawn): void {
    this.look();
    if (isRequested(event.reason)) this.aside(event.atMs);
    else if (isAsked(event.reason)) this.between();
    this.owed.withdrawn(event);
    this.intentions.withdrawn(event);
  }

  intentionExpired(event: Recorded.IntentionExpired): void {
    this.look();
    this.intentions.expired(event);
  }

  dealConfirmed(event: Recorded.DealConfirmed): void {
    this.crossesShards(event.responderId);
    this.dealsOf(event.initiatorId).confirmed(event);
  }

  dealAborted(event: Recorded.DealAborted): void {
    // A negotiator that fails is parked in the middle of an arrival, too.
    if (event.reason !== AbortReason.Parked) this.crossesShards(event.responderId);
    this.dealsOf(event.initiatorId).aborted(event);
  }
}
