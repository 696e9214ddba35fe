import type * as Recorded from '../../src/domain/journal.generated.js';
import { isCrossShard } from '../../src/domain/ids.js';
import { AbortReason, Outcome, Phase, Pricing, WithdrawReason } from '../../src/domain/terms.js';
import type { StandingTerms } from '../handshake/chart.js';
import { StandingFold } from '../handshake/standing-fold.js';
import { type DealId, dealName } from '../ledger/deal-name.js';
import type { ReadModel } from '../model/read-model.js';
import type { Explanation, Partner, Reason } from './reasons.js';
import { Story } from './story.js';
import { ahead, otherSide } from './surroundings.js';

/** A proposal that is not decided yet. Its sides are undefined where they are not known here. */
interface OpenProposal extends DealId {
  readonly initiator: StandingTerms | undefined;
  readonly responderId: number;
  readonly responder: StandingTerms | undefined;
  readonly priceTicks: number;
  readonly lots: number;
  readonly position: number;
  declineReason: number | undefined;
}

/** What either side's event says of a deal. */
type DealTerms = Pick<Recorded.ProposalMade, 'dealNumber' | 'priceTicks' | 'quantityLots'>;

/** Whether somebody, or a switch or a halt, asked for it: then the arrival before it has ended. */
function isBetweenCommands(reason: number): boolean {
  return reason === WithdrawReason.Requested || reason >= WithdrawReason.SwitchLapsed;
}

/**
 * Finds out why one intention was, or was not, filled. To say what stood around it, it follows all intentions; what it keeps is those
 * that are open and the story of the one. Of a deal with another shard it tells as much as stands in this log.
 */
export class WhyFold extends StandingFold {
  private readonly calls = new Set<number>();
  private readonly proposals = new Map<string, OpenProposal>();
  /** Refused posts, by participant and client id. */
  private readonly refused = new Map<string, Reason[]>();
  private story: Story | undefined;
  private arrivingId = 0;

  constructor(private readonly intentionId: number) {
    super();
  }

  override begin(model: ReadModel): void {
    super.begin(model);
    for (const { instrumentId, phase } of model.directory.instruments()) {
      if (phase === Phase.Call) this.calls.add(instrumentId);
    }
  }

  /** Why, as far as the fold has come; undefined when the log knows no such intention. */
  explain(): Explanation | undefined {
    return this.story?.explanation(this.story.state === 'open' ? this.unfinished(this.story.intention) : []);
  }

  /** What an open intention is waiting for. */
  private unfinished(intention: StandingTerms): Reason[] {
    const reasons: Reason[] = [];
    for (const proposal of this.proposals.values()) {
      const partner = this.partner(proposal);
      if (partner === undefined) continue;
      const { position, priceTicks, lots } = proposal;
      reasons.push({ kind: 'inDoubt', position, priceTicks, lots, ...partner });
    }
    const isCall = this.calls.has(intention.instrumentId);
    const around = { ...otherSide(intention, this.open.values()), ...ahead(intention, this.open.values()) };
    return [...reasons, { kind: 'open', position: this.position, openLots: intention.leftLots, isCall, ...around }];
  }

  private get openStory(): Story | undefined {
    return this.story?.state === 'open' ? this.story : undefined;
  }

  /** The story, where it is about this intention and not at its end. */
  private storyOf(intentionId: number): Story | undefined {
    return intentionId === this.intentionId ? this.openStory : undefined;
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

  override auctionUncrossed(event: Recorded.AuctionUncrossed): void {
    this.command();
    const story = this.openStory;
    if (story?.intention.instrumentId === event.instrumentId) story.beginAuction(event, this.position);
  }

  override postRefused({ participantId, clientIntentionId, code }: Recorded.PostRefused): void {
    this.command();
    const key = `${participantId} ${clientIntentionId}`;
    this.refused.set(key, [...(this.refused.get(key) ?? []), { kind: 'refused', position: this.position, code }]);
  }

  override intentionPosted(event: Recorded.IntentionPosted): void {
    this.command();
    super.intentionPosted(event);
    this.arrivingId = event.intentionId;
    const posted = this.standing(event.intentionId);
    if (posted === undefined) return;
    if (posted.id === this.intentionId) {
      this.story = new Story(posted, this.open);
      for (const reason of this.refused.get(`${event.participantId} ${event.clientIntentionId}`) ?? []) {
        this.story.add(reason);
      }
      this.story.arrive(this.position, this.calls.has(posted.instrumentId));
    } else {
      this.onOther(posted);
    }
  }

  /** Another intention came to a new limit. */
  private onOther(other: StandingTerms): void {
    const story = this.openStory;
    if (story?.intention.instrumentId !== other.instrumentId || story.intention.side === other.side) return;
    if (other.pricing === Pricing.Limit && !this.calls.has(other.instrumentId)) {
      story.watch?.onOtherLimit(other.priceTicks, this.position);
    }
  }

  override proposalMade(event: Recorded.ProposalMade): void {
    this.message(event.intentionId, event.counterpartyId);
    this.propose(event.intentionId, event.counterpartyId, event);
  }

  private propose(initiatorId: number, responderId: number, terms: DealTerms): void {
    const { dealNumber, priceTicks, quantityLots: lots } = terms;
    const sides = { initiator: this.standing(initiatorId), responder: this.standing(responderId) };
    const ids = { initiatorId, dealNumber, responderId };
    const { position } = this;
    this.proposals.set(dealName(ids), { priceTicks, lots, position, declineReason: undefined, ...ids, ...sides });
  }

  /** What is said between shards is taken only once the command before it has ended, like a command. */
  private message(initiatorId: number, responderId: number): void {
    if (isCrossShard(initiatorId, responderId)) this.command();
  }

  /** The proposal of another shard stands in the log there: here its acceptance is the first that is known of it. */
  override proposalAccepted(event: Recorded.ProposalAccepted): void {
    const { intentionId: responderId, initiatorId } = event;
    if (responderId !== this.intentionId || !isCrossShard(initiatorId, responderId)) return;
    this.command();
    this.propose(initiatorId, responderId, event);
  }

  override proposalDeclined(event: Recorded.ProposalDeclined): void {
    const proposal = this.proposals.get(dealName(event));
    if (proposal !== undefined) proposal.declineReason = event.reason;
  }

  /** The proposal that this is the first decision of. */
  private decided(deal: DealId): OpenProposal | undefined {
    const key = dealName(deal);
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

  override dealConfirmed(event: Recorded.DealConfirmed): void {
    this.message(event.initiatorId, event.responderId);
    const proposal = this.decided(event);
    const { story } = this;
    if (proposal === undefined || story === undefined) return;
    const { initiator, responder } = proposal;
    const partner = this.partner(proposal, event.responderParticipantId);
    if (partner !== undefined) this.dealt(story, partner, event);
    if (partner !== undefined || story.state !== 'open') return;
    if (initiator !== undefined && responder !== undefined && !this.calls.has(initiator.instrumentId)) {
      story.watch?.onDeal(initiator, responder, event.quantityLots, this.position);
    }
  }

  private dealt(story: Story, partner: Partner, { priceTicks, quantityLots: lots }: DealTerms): void {
    const met = partner.initiatorId === this.intentionId ? 'arriving' : 'standing';
    const how = story.isInAuction ? 'auction' : met;
    story.add({ kind: 'deal', position: this.position, priceTicks, lots, how, ...partner });
  }

  override dealAborted(event: Recorded.DealAborted): void {
    const { initiatorId, responderId, reason: abortReason } = event;
    this.message(initiatorId, responderId);
    const proposal = this.decided(event);
    const partner = proposal === undefined ? undefined : this.partner(proposal);
    if (proposal === undefined || partner === undefined) return;
    const declineReason = abortReason === AbortReason.Declined ? proposal.declineReason : undefined;
    const isDecliner = declineReason !== undefined && initiatorId !== this.intentionId;
    const { position } = this;
    this.story?.add({ kind: 'aborted', position, abortReason, declineReason, isDecliner, ...partner });
  }

  override dealSettled(event: Recorded.DealSettled): void {
    const { intentionId: id, initiatorId } = event;
    if (id === this.intentionId && id !== initiatorId && isCrossShard(initiatorId, id)) this.learned(event);
    super.dealSettled(event);
    const { story } = this;
    if (event.outcome !== Outcome.Confirmed || id !== this.intentionId || story === undefined) return;
    story.filledLots += event.quantityLots; // also of what was withdrawn while a deal held some of it
    if (story.state === 'open' && story.intention.leftLots <= 0)
      story.end('filled', { kind: 'filled', position: this.position });
  }

  /** How a deal with another shard was decided there shows in how the intention settled it; why it was aborted does not. */
  private learned(event: Recorded.DealSettled): void {
    this.command();
    const proposal = this.decided(event);
    const partner = proposal === undefined ? undefined : this.partner(proposal);
    const { story } = this;
    if (partner === undefined || story === undefined) return;
    if (event.outcome === Outcome.Confirmed) {
      this.dealt(story, partner, event);
      return;
    }
    const unknown = { abortReason: undefined, declineReason: undefined, isDecliner: false };
    story.add({ kind: 'aborted', position: this.position, ...unknown, ...partner });
  }

  override intentionReduced(event: Recorded.IntentionReduced): void {
    this.command();
    super.intentionReduced(event);
    const story = this.storyOf(event.intentionId);
    if (story === undefined || event.byLots === 0) return;
    const reason = { kind: 'reduced', position: this.position, byLots: event.byLots } as const;
    if (story.intention.leftLots > 0) story.add(reason);
    else story.end('withdrawn', reason);
  }

  override intentionAmended(event: Recorded.IntentionAmended): void {
    this.command();
    this.arrivingId = event.intentionId;
    const standing = this.standing(event.intentionId);
    if (standing === undefined) return;
    const story = this.storyOf(standing.id);
    story?.endWatch();
    super.intentionAmended(event);
    if (story === undefined) this.onOther(standing);
    else story.arrive(this.position, this.calls.has(standing.instrumentId), event);
  }

  override intentionWithdrawn(event: Recorded.IntentionWithdrawn): void {
    const { intentionId: id, reason: withdrawReason } = event;
    if (isBetweenCommands(withdrawReason)) this.command();
    const standing = this.standing(id);
    if (standing === undefined) return;
    super.intentionWithdrawn(event);
    const { position, arrivingId } = this;
    const isSelfTrade = withdrawReason === WithdrawReason.SelfTrade;
    const story = this.storyOf(id);
    if (story !== undefined) {
      const otherId = isSelfTrade ? arrivingId : undefined;
      story.end('withdrawn', { kind: 'withdrawn', position, openLots: standing.leftLots, withdrawReason, otherId });
    } else if (isSelfTrade && arrivingId === this.intentionId) {
      this.openStory?.add({ kind: 'ownWithdrawn', position, otherId: id });
    }
  }

  override intentionExpired(event: Recorded.IntentionExpired): void {
    this.command();
    super.intentionExpired(event);
    const story = this.storyOf(event.intentionId);
    story?.end('expired', { kind: 'expired', position: this.position, openLots: story.intention.leftLots });
  }
}
