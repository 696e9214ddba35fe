import type * as Recorded from '../../../src/domain/journal.generated.js';
import { DirectoryFold } from '../../directory/directory.js';
import { DealFold } from '../../ledger/deal-fold.js';
import { Holdings } from '../../ledger/holdings.js';
import { Side } from '../../../src/domain/terms.js';
import { candleIntervals, CandleTable } from '../../tape/candles.js';
import { StandingLevels } from './standing-levels.js';
import { OpenIntentions } from '../queries/open-intentions.js';
import { MarkRows } from './mark-rows.js';
import { RiskRows } from './risk-rows.js';

/**
 * Gathers what a chunk of the log adds to the database, and knows what of before it needs for that: the intentions that are open,
 * the deals in flight, the directory.
 *
 * 1. `deals` and `aborts` are rows one after the other, of what was decided in this log; `holdings` and `candles` are this chunk's
 *    share alone, to be added.
 * 2. `written` empties them once they are in the database; the fold is of no more use if writing fails.
 */
export class StoreFold extends DealFold {
  readonly directory = new DirectoryFold();
  readonly intentions = new OpenIntentions();
  /** As of the last write. */
  readonly levels = new StandingLevels();
  readonly holdings = new Holdings();
  readonly candles = new CandleTable(Object.values(candleIntervals));
  readonly deals: number[] = [];
  readonly aborts: number[] = [];
  /** Numbers of the instruments and participants whose rows are out of date. */
  readonly listed = new Set<number>();
  readonly admitted = new Set<number>();
  readonly risk = new RiskRows();
  readonly marks = new MarkRows();
  /** Digest of the latest sealed batch. */
  readonly sealDigest = new Uint8Array(32);

  written(): void {
    this.intentions.written(this.levels);
    this.holdings.clear();
    this.candles.clear();
    this.deals.length = 0;
    this.aborts.length = 0;
    this.listed.clear();
    this.admitted.clear();
    this.risk.clear();
    this.marks.clear();
  }

  override shardStarted(event: Recorded.ShardStarted): void {
    this.marks.shardStarted(event, this);
  }

  override batchSealed({ digest }: Recorded.BatchSealed): void {
    this.sealDigest.set(digest);
  }

  override participantAdmitted(event: Recorded.ParticipantAdmitted): void {
    this.admitted.add(event.participantId);
    this.directory.participantAdmitted(event);
  }

  override instrumentListed(event: Recorded.InstrumentListed): void {
    this.listed.add(event.instrumentId);
    this.directory.instrumentListed(event);
  }

  override switchSet(event: Recorded.SwitchSet): void {
    this.risk.switchSet(event);
  }

  override switchLapsed({ participantId }: Recorded.SwitchLapsed): void {
    this.risk.switchGone(participantId);
  }

  override limitsSet(event: Recorded.LimitsSet): void {
    this.risk.limitsSet(event);
  }

  override phaseChanged(event: Recorded.PhaseChanged): void {
    this.listed.add(event.instrumentId);
    this.directory.phaseChanged(event);
    this.marks.phaseChanged(event);
  }

  override auctionUncrossed(event: Recorded.AuctionUncrossed): void {
    this.marks.auctionUncrossed(event, this);
  }

  override intentionPosted(event: Recorded.IntentionPosted): void {
    this.intentions.post(event, this.position);
  }

  override intentionReduced({ intentionId, byLots }: Recorded.IntentionReduced): void {
    this.intentions.reduce(intentionId, byLots, this);
  }

  override intentionAmended({ intentionId, priceTicks, openLots }: Recorded.IntentionAmended): void {
    this.intentions.amend(intentionId, priceTicks, openLots);
  }

  override intentionWithdrawn({ intentionId, reason }: Recorded.IntentionWithdrawn): void {
    this.intentions.withdraw(intentionId, reason, this);
  }

  override intentionExpired({ intentionId }: Recorded.IntentionExpired): void {
    this.intentions.expire(intentionId, this);
  }

  override proposalMade(event: Recorded.ProposalMade): void {
    if (this.openDeals.propose(event, this)) this.intentions.reserve(event.intentionId, event.quantityLots);
  }

  override proposalAccepted(event: Recorded.ProposalAccepted): void {
    if (this.openDeals.accept(event, this)) this.intentions.reserve(event.intentionId, event.quantityLots);
  }

  override dealSettled(event: Recorded.DealSettled): void {
    this.intentions.settle(event, this.settle(event), this);
  }

  protected override filledRemotely({ intentionId, priceTicks, quantityLots }: Recorded.DealSettled): void {
    const responder = this.intentions.get(intentionId);
    if (responder !== undefined) this.holdings.add(responder, priceTicks, quantityLots);
  }

  protected override confirmed(deal: Recorded.DealConfirmed): void {
    const { deals, position, atMs } = this;
    const { initiatorId, initiatorParticipantId, responderId, responderParticipantId, initiatorSide } = deal;
    deals.push(position, deal.dealNumber, initiatorSide);
    if (initiatorSide === Side.Buy) {
      deals.push(initiatorId, initiatorParticipantId, responderId, responderParticipantId);
    } else {
      deals.push(responderId, responderParticipantId, initiatorId, initiatorParticipantId);
    }
    deals.push(deal.instrumentId, deal.priceTicks, deal.quantityLots, atMs, this.dealsConfirmed - 1);
    this.holdings.addDeal(deal);
    this.candles.add(deal, this);
    this.marks.dealConfirmed(deal);
  }

  protected override aborted(deal: Recorded.DealAborted): void {
    super.aborted(deal);
    this.aborts.push(this.position, deal.initiatorId, deal.dealNumber, deal.responderId, deal.reason, this.atMs);
  }
}
