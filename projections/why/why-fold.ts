import type * as Recorded from '../../src/domain/journal.generated.js';
import { isCrossShard } from '../../src/domain/ids.js';
import { AbortReason, Outcome, Phase, Pricing, WithdrawReason } from '../../src/domain/terms.js';
import { NoopHandler } from '../../src/events/handlers.generated.js';
import { isWithinLimit } from '../audit/predicates.js';
import type { Explanation, Partner, Reason } from './reasons.js';
import { type Standing, StandingBook } from './standing-book.js';
import { Story } from './story.js';

/** A proposal that is not decided yet. */
interface OpenProposal {
  readonly initiatorId: number;
  readonly dealNumber: number;
  readonly initiator: Standing | undefined;
  readonly responderId: number;
  readonly responder: Standing | undefined;
  readonly priceTicks: number;
  readonly lots: number;
  readonly position: number;
  declineReason: number | undefined;
}

/**
 * Finds out why one intention was, or was not, filled. To say what stood around it, it follows the whole book; what it keeps is the
 * open book and the story of the one. Of a deal with another shard it tells as much as stands in this log.
 */
export class WhyFold extends NoopHandler {
  private readonly book = new StandingBook();
  private readonly calls = new Set<number>();
  private readonly proposals = new Map<string, OpenProposal>();
  private story: Story | undefined;
  private arrivingId = 0;

  constructor(private readonly intentionId: number) {
    super();
  }

  /** Why, as far as the fold has come; undefined when the log knows no such intention. */
  explain(): Explanation | undefined {
    return this.story?.explanation(this.story.state === 'open' ? this.unfinished(this.story.intention) : []);
  }

  /** What an open intention is waiting for. */
  private unfinished(intention: Standing): Reason[] {
    const reasons: Reason[] = [];
    for (const proposal of this.proposals.values()) {
      const partner = this.partner(proposal);
      if (partner === undefined) continue;
      const { position, priceTicks, lots } = proposal;
      reasons.push({ kind: 'inDoubt', position, priceTicks, lots, ...partner });
    }
    const isCall = this.calls.has(intention.instrumentId);
    const around = { ...this.book.otherSide(intention), ...this.book.ahead(intention) };
    return [...reasons, { kind: 'open', position: this.position, openLots: intention.leftLots, isCall, ...around }];
  }

  private get openStory(): Story | undefined {
    return this.story?.state === 'open' ? this.story : undefined;
  }

  /** A command is taken: the arrival or auction before it has ended. */
  private command(): void {
    const story = this.openStory;
    if (story !== undefined) story.rest(this.calls.has(story.intention.instrumentId));
  }

  override phaseChanged({ instrumentId, phase }: Recorded.PhaseChanged): void {
    this.command();
    const isCall = phase === Phase.Call;
    if (isCall) this.calls.add(instrumentId);
    else this.calls.delete(instrumentId);
    const story = this.openStory;
    if (story?.intention.instrumentId !== instrumentId) return;
    story.endWatch();
    story.add({ kind: 'phase', position: this.position, isCall });
    if (!isCall) story.stand(this.position);
  }

  override auctionUncrossed({ instrumentId, priceTicks, volumeLots }: Recorded.AuctionUncrossed): void {
    this.command();
    const story = this.openStory;
    if (story?.intention.instrumentId !== instrumentId) return;
    story.beginAuction(this.position, priceTicks, volumeLots, (other) => isWithinLimit(other, priceTicks));
  }

  override intentionPosted({
    intentionId: id,
    participantId,
    instrumentId,
    side,
    pricing,
    priceTicks,
    quantityLots: leftLots,
    timeInForce,
  }: Recorded.IntentionPosted): void {
    this.command();
    this.arrivingId = id;
    const place = { placePosition: this.position, level: undefined, previous: undefined, next: undefined };
    const posted: Standing = { id, participantId, instrumentId, side, pricing, priceTicks, leftLots, ...place };
    this.book.add(posted);
    if (id !== this.intentionId) {
      this.onOther(posted);
      return;
    }
    this.story = new Story(posted, { timeInForce, postedTicks: priceTicks, postedLots: leftLots }, this.book);
    this.story.arrive(this.position, this.calls.has(instrumentId));
  }

  /** Another intention came to a new limit. */
  private onOther(other: Standing): void {
    const intention = this.openStory?.intention;
    if (intention?.instrumentId !== other.instrumentId || intention.side === other.side) return;
    if (other.pricing === Pricing.Limit && !this.calls.has(other.instrumentId)) {
      this.openStory?.onOtherLimit(other.priceTicks, this.position);
    }
  }

  override proposalMade({
    intentionId: initiatorId,
    dealNumber,
    counterpartyId: responderId,
    priceTicks,
    quantityLots: lots,
  }: Recorded.ProposalMade): void {
    this.message(initiatorId, responderId);
    this.open(initiatorId, dealNumber, responderId, priceTicks, lots);
  }

  private open(initiatorId: number, dealNumber: number, responderId: number, priceTicks: number, lots: number): void {
    const sides = { initiator: this.book.get(initiatorId), responder: this.book.get(responderId) };
    const ids = { initiatorId, dealNumber, responderId };
    const terms = { priceTicks, lots, position: this.position, declineReason: undefined };
    this.proposals.set(`${initiatorId}-${dealNumber}`, { ...ids, ...sides, ...terms });
  }

  /** What is said between shards is taken only once the command before it has ended, like a command. */
  private message(initiatorId: number, responderId: number): void {
    if (isCrossShard(initiatorId, responderId)) this.command();
  }

  /** The proposal of another shard stands in the log there: here its acceptance is the first that is known of it. */
  override proposalAccepted({
    intentionId: responderId,
    initiatorId,
    dealNumber,
    priceTicks,
    quantityLots: lots,
  }: Recorded.ProposalAccepted): void {
    if (responderId !== this.intentionId || !isCrossShard(initiatorId, responderId)) return;
    this.command();
    this.open(initiatorId, dealNumber, responderId, priceTicks, lots);
  }

  override proposalDeclined({ initiatorId, dealNumber, reason }: Recorded.ProposalDeclined): void {
    const proposal = this.proposals.get(`${initiatorId}-${dealNumber}`);
    if (proposal !== undefined) proposal.declineReason = reason;
  }

  /** The proposal that this is the first decision of. */
  private decided(initiatorId: number, dealNumber: number): OpenProposal | undefined {
    const key = `${initiatorId}-${dealNumber}`;
    const proposal = this.proposals.get(key);
    this.proposals.delete(key);
    return proposal;
  }

  /** The other side of a proposal that the intention has a part in. */
  private partner(proposal: OpenProposal, responderParticipantId?: number): Partner | undefined {
    const { initiatorId, dealNumber, responderId, initiator, responder } = proposal;
    if (initiatorId === this.intentionId) {
      const participantId = responder?.participantId ?? responderParticipantId ?? 0;
      return { initiatorId, dealNumber, otherId: responderId, participantId };
    }
    if (responderId !== this.intentionId) return undefined;
    return { initiatorId, dealNumber, otherId: initiatorId, participantId: initiator?.participantId ?? 0 };
  }

  override dealConfirmed({
    initiatorId,
    dealNumber,
    responderId,
    responderParticipantId,
    priceTicks,
    quantityLots: lots,
  }: Recorded.DealConfirmed): void {
    this.message(initiatorId, responderId);
    const proposal = this.decided(initiatorId, dealNumber);
    const { story } = this;
    if (proposal === undefined || story === undefined) return;
    const { initiator, responder } = proposal;
    const partner = this.partner(proposal, responderParticipantId);
    if (partner !== undefined) this.dealt(story, partner, priceTicks, lots);
    if (partner !== undefined || story.state !== 'open') return;
    if (initiator !== undefined && responder !== undefined && !this.calls.has(initiator.instrumentId)) {
      story.onDealOfOthers(initiator, responder, lots, this.position);
    }
  }

  private dealt(story: Story, partner: Partner, priceTicks: number, lots: number): void {
    const met = partner.initiatorId === this.intentionId ? 'arriving' : 'standing';
    const how = story.isInAuction ? 'auction' : met;
    story.add({ kind: 'deal', position: this.position, priceTicks, lots, how, ...partner });
  }

  override dealAborted({ initiatorId, dealNumber, responderId, reason: abortReason }: Recorded.DealAborted): void {
    this.message(initiatorId, responderId);
    const proposal = this.decided(initiatorId, dealNumber);
    const partner = proposal === undefined ? undefined : this.partner(proposal);
    if (proposal === undefined || partner === undefined) return;
    const declineReason = abortReason === AbortReason.Declined ? proposal.declineReason : undefined;
    const isDecliner = declineReason !== undefined && initiatorId !== this.intentionId;
    this.story?.add({
      kind: 'aborted',
      position: this.position,
      abortReason,
      declineReason,
      isDecliner,
      ...partner,
    });
  }

  override dealSettled({
    intentionId: id,
    initiatorId,
    dealNumber,
    outcome,
    priceTicks,
    quantityLots: lots,
  }: Recorded.DealSettled): void {
    if (id === this.intentionId && id !== initiatorId && isCrossShard(initiatorId, id)) {
      this.learned(initiatorId, dealNumber, outcome, priceTicks, lots);
    }
    if (outcome !== Outcome.Confirmed) return;
    const standing = this.book.get(id);
    if (standing !== undefined) this.book.shrink(standing, lots);
    const { story } = this;
    if (id !== this.intentionId || story === undefined) return;
    story.filledLots += lots; // also of what was withdrawn while a deal held some of it
    if (story.state === 'open' && story.intention.leftLots <= 0)
      story.end('filled', { kind: 'filled', position: this.position });
  }

  /** How a deal with another shard was decided there shows in how the intention settled it; why it was aborted does not. */
  private learned(initiatorId: number, dealNumber: number, outcome: number, priceTicks: number, lots: number): void {
    this.command();
    const proposal = this.decided(initiatorId, dealNumber);
    const partner = proposal === undefined ? undefined : this.partner(proposal);
    const { story } = this;
    if (partner === undefined || story === undefined) return;
    if (outcome === Outcome.Confirmed) {
      this.dealt(story, partner, priceTicks, lots);
      return;
    }
    const unknown = { abortReason: undefined, declineReason: undefined, isDecliner: false };
    story.add({ kind: 'aborted', position: this.position, ...unknown, ...partner });
  }

  override intentionReduced({ intentionId: id, byLots }: Recorded.IntentionReduced): void {
    this.command();
    const standing = this.book.get(id);
    if (standing === undefined) return;
    this.book.shrink(standing, byLots);
    const story = this.openStory;
    if (story?.intention !== standing) return;
    const reason = { kind: 'reduced', position: this.position, byLots } as const;
    if (standing.leftLots > 0) story.add(reason);
    else story.end('withdrawn', reason);
  }

  override intentionAmended({ intentionId: id, priceTicks, openLots }: Recorded.IntentionAmended): void {
    this.command();
    this.arrivingId = id;
    const standing = this.book.get(id);
    if (standing === undefined) return;
    const story = this.openStory;
    const isTarget = story?.intention === standing;
    if (isTarget) story.endWatch();
    this.book.amend(standing, priceTicks, openLots, this.position);
    if (isTarget) story.arrive(this.position, this.calls.has(standing.instrumentId), { priceTicks, openLots });
    else this.onOther(standing);
  }

  override intentionWithdrawn({ intentionId: id, reason: withdrawReason }: Recorded.IntentionWithdrawn): void {
    if (withdrawReason === WithdrawReason.Requested) this.command();
    const standing = this.book.get(id);
    if (standing === undefined) return;
    this.book.remove(standing);
    const story = this.openStory;
    const { position, arrivingId } = this;
    const isSelfTrade = withdrawReason === WithdrawReason.SelfTrade;
    if (story?.intention === standing) {
      const otherId = isSelfTrade ? arrivingId : undefined;
      const openLots = standing.leftLots;
      story.end('withdrawn', { kind: 'withdrawn', position, openLots, withdrawReason, otherId });
    } else if (isSelfTrade && arrivingId === this.intentionId) {
      story?.add({ kind: 'ownWithdrawn', position, otherId: id });
    }
  }

  override intentionExpired({ intentionId: id }: Recorded.IntentionExpired): void {
    this.command();
    const standing = this.book.get(id);
    if (standing === undefined) return;
    this.book.remove(standing);
    const story = this.openStory;
    if (story?.intention !== standing) return;
    story.end('expired', { kind: 'expired', position: this.position, openLots: standing.leftLots });
  }
}
