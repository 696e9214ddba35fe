import { isCrossShard } from '../../src/domain/ids.js';
import { AbortReason, Outcome, Phase } from '../../src/domain/terms.js';
import type {
  ChartRow,
  ChartSubject,
  DealId,
  DealOutcome,
  EventRow,
  MessageRow,
  Party,
  SequenceChart,
} from './chart.js';
import { StandingFold, type StandingTerms } from './standing-fold.js';

/** More deals than this make no chart that anybody could read. */
export const MAX_CHARTED_DEALS = 500;

interface DealTerms extends DealId {
  readonly responderId: number;
  readonly priceTicks: number;
  readonly proposedLots: number;
  /** Proposed and decided in the log of another shard. */
  readonly isForeign: boolean;
}

/** A deal of the chart, while its rows come in. */
interface ChartedDeal extends DealTerms {
  acceptedLots: number;
  decision: { readonly outcome: number; readonly lots: number; readonly reason: number } | undefined;
  isInitiatorSettled: boolean;
  isResponderSettled: boolean;
  /** Position of a restart after which nothing has been seen of the deal yet. */
  restartPosition: number | undefined;
}

type Restart = Extract<ChartRow, { kind: 'restart' }>;
type AuctionRow = Extract<ChartRow, { kind: 'auction' }>;

/**
 * Collects the chart of one deal, or of one intention and all its deals. The log holds events; the messages between them are what
 * the protocol sends after each, so they are deduced.
 *
 * Of other intentions it knows only those that are open, and nothing of those in other shards: of a deal with one of them it shows what
 * stands in this log. The chart of such a deal by its own name is to be read from its initiator's log.
 */
export class HandshakeFold extends StandingFold {
  private readonly rows: ChartRow[] = [];
  private readonly deals = new Map<string, ChartedDeal>();
  private readonly auctions = new Map<number, AuctionRow>();
  private readonly shown = new Set<ChartRow>();
  private restart: Restart | undefined;
  private left: Party | undefined;
  private right: Party | undefined;
  private current: ChartedDeal | undefined;
  private omittedDeals = 0;

  constructor(private readonly subject: ChartSubject) {
    super();
  }

  /** The chart as far as the fold has come; undefined when the log knows no such deal or intention. */
  chart(): SequenceChart | undefined {
    const { subject, left, right, rows, omittedDeals } = this;
    if (left === undefined) return undefined;
    const outcome = 'deal' in subject ? this.outcome() : undefined;
    return { subject, instrumentId: left.instrumentId, left, right, rows: [...rows], outcome, omittedDeals };
  }

  private outcome(): DealOutcome | undefined {
    const [deal] = this.deals.values();
    if (deal === undefined) return undefined;
    const { priceTicks, decision, proposedLots } = deal;
    if (decision === undefined) return { state: 'open', priceTicks, lots: proposedLots, reason: 0 };
    const state = decision.outcome === Outcome.Confirmed ? 'confirmed' : 'aborted';
    return { state, priceTicks, lots: decision.lots, reason: decision.reason };
  }

  private isSubject(intentionId: number): boolean {
    return 'intentionId' in this.subject && this.subject.intentionId === intentionId;
  }

  private concerns(initiatorId: number, dealNumber: number, responderId: number): boolean {
    const { subject } = this;
    if ('intentionId' in subject) return subject.intentionId === initiatorId || subject.intentionId === responderId;
    return subject.deal.initiatorId === initiatorId && subject.deal.dealNumber === dealNumber;
  }

  override shardStarted(_revision: number, _shard: number, epoch: number, _atMs: number): void {
    this.restart = { kind: 'restart', position: this.position, epoch };
    let isBetween = false;
    for (const deal of this.deals.values()) {
      if (isOver(deal)) continue;
      deal.restartPosition = this.position;
      isBetween = true;
    }
    if (isBetween) this.once(this.restart);
  }

  override phaseChanged(_revision: number, instrumentId: number, phase: number, _atMs: number): void {
    if (phase !== Phase.Call) this.auctions.delete(instrumentId);
  }

  override auctionUncrossed(
    _revision: number,
    instrumentId: number,
    priceTicks: number,
    volumeLots: number,
    _atMs: number,
  ): void {
    this.auctions.set(instrumentId, { kind: 'auction', position: this.position, instrumentId, priceTicks, volumeLots });
  }

  override intentionPosted(...posted: Parameters<StandingFold['intentionPosted']>): void {
    super.intentionPosted(...posted);
    const [intentionId] = posted;
    if (!this.isSubject(intentionId)) return;
    this.left = this.party(intentionId);
    this.event(intentionId, 'IntentionPosted', this.left?.leftLots ?? 0);
  }

  override proposalMade(
    initiatorId: number,
    _revision: number,
    dealNumber: number,
    responderId: number,
    priceTicks: number,
    proposedLots: number,
  ): void {
    if (!this.concerns(initiatorId, dealNumber, responderId)) return;
    const deal = this.enter({ initiatorId, dealNumber, responderId, priceTicks, proposedLots, isForeign: false });
    if (deal === undefined) return;
    this.meet(deal);
    this.event(initiatorId, 'ProposalMade', proposedLots);
    this.message(deal, 'proposal', initiatorId, responderId, proposedLots);
  }

  /** Undefined when there are too many deals for one chart. */
  private enter(terms: DealTerms): ChartedDeal | undefined {
    if (this.deals.size === MAX_CHARTED_DEALS) {
      this.omittedDeals++;
      return undefined;
    }
    const nothingYet = { acceptedLots: 0, decision: undefined, restartPosition: undefined };
    const deal = { ...terms, ...nothingYet, isInitiatorSettled: false, isResponderSettled: false };
    this.deals.set(keyOf(terms.initiatorId, terms.dealNumber), deal);
    return deal;
  }

  /** In the chart of a responder: a deal whose proposal stands in another log, when this is the first that is said of it here. */
  private heard(
    initiatorId: number,
    dealNumber: number,
    responderId: number,
    priceTicks: number,
  ): ChartedDeal | undefined {
    if (!this.isSubject(responderId) || !isCrossShard(initiatorId, responderId)) return undefined;
    const terms = { initiatorId, dealNumber, responderId, priceTicks, proposedLots: 0, isForeign: true };
    const deal = this.enter(terms);
    if (deal !== undefined) this.turnTo(deal);
    return deal;
  }

  /** How the two came together: who arrived, or which auction paired them. */
  private meet(deal: ChartedDeal): void {
    const initiator = this.party(deal.initiatorId);
    const responder = this.party(deal.responderId);
    this.current = deal;
    const auction = this.auctions.get(initiator?.instrumentId ?? 0);
    if ('deal' in this.subject) {
      this.left = initiator;
      this.right = responder;
      this.posted(initiator);
      this.posted(responder);
    } else {
      this.banner(deal);
      if (auction === undefined && !this.isSubject(deal.responderId)) this.posted(responder);
    }
    if (auction !== undefined) this.once(auction);
    else this.announce(deal, responder);
    const since = auction?.position ?? responder?.placePosition ?? this.position;
    if (this.restart !== undefined && this.restart.position > since) this.once(this.restart);
  }

  private announce(deal: ChartedDeal, responder: Party | undefined): void {
    if (responder === undefined) return;
    const { placePosition: position, leftLots } = responder;
    this.message(deal, 'announcement', deal.responderId, deal.initiatorId, leftLots, { position });
  }

  private banner(deal: ChartedDeal): void {
    const { initiatorId, dealNumber, responderId } = deal;
    const other = this.party(this.isSubject(initiatorId) ? responderId : initiatorId);
    this.rows.push({ kind: 'deal', position: this.position, deal: { initiatorId, dealNumber }, other });
  }

  /** A restart or an auction that several deals have seen is shown once. */
  private once(row: Restart | AuctionRow): void {
    if (this.shown.has(row)) return;
    this.shown.add(row);
    this.rows.push(row);
  }

  private posted(terms: StandingTerms | undefined): void {
    if (terms === undefined) return;
    const type = terms.isAmended ? 'IntentionAmended' : 'IntentionPosted';
    const { id, placePosition, leftLots, priceTicks } = terms;
    this.rows.push({ kind: 'event', position: placePosition, at: id, type, lots: leftLots, priceTicks });
  }

  override proposalAccepted(
    responderId: number,
    _revision: number,
    initiatorId: number,
    dealNumber: number,
    priceTicks: number,
    lots: number,
  ): void {
    const deal = this.resumed(initiatorId, dealNumber) ?? this.heard(initiatorId, dealNumber, responderId, priceTicks);
    if (deal === undefined) return;
    deal.acceptedLots = lots;
    this.event(responderId, 'ProposalAccepted', lots);
    this.message(deal, 'acceptance', responderId, initiatorId, lots);
  }

  override proposalDeclined(
    responderId: number,
    _revision: number,
    initiatorId: number,
    dealNumber: number,
    reason: number,
  ): void {
    const deal = this.resumed(initiatorId, dealNumber) ?? this.heard(initiatorId, dealNumber, responderId, 0);
    if (deal === undefined) return;
    this.event(responderId, 'ProposalDeclined', 0, { reason });
    this.message(deal, 'decline', responderId, initiatorId, 0, { reason });
  }

  override dealConfirmed(
    initiatorId: number,
    dealNumber: number,
    _revision: number,
    _responderId: number,
    _instrumentId: number,
    _initiatorSide: number,
    _initiatorParticipantId: number,
    _responderParticipantId: number,
    _priceTicks: number,
    lots: number,
  ): void {
    this.decided(this.resumed(initiatorId, dealNumber), Outcome.Confirmed, lots, 0);
  }

  override dealAborted(
    initiatorId: number,
    dealNumber: number,
    _revision: number,
    _responderId: number,
    reason: number,
  ): void {
    this.decided(this.deals.get(keyOf(initiatorId, dealNumber)), Outcome.Aborted, 0, reason);
  }

  private decided(deal: ChartedDeal | undefined, outcome: number, lots: number, reason: number): void {
    if (deal === undefined) return;
    this.turnTo(deal);
    if (deal.decision !== undefined) {
      this.event('ledger', 'LateDecision', lots, { reason: outcome });
      return;
    }
    deal.decision = { outcome, lots, reason };
    deal.restartPosition = undefined;
    const isResponders = outcome === Outcome.Aborted && reason === AbortReason.ResponderDeadline;
    const by = isResponders ? deal.responderId : deal.initiatorId;
    this.message(deal, 'decision', by, 'ledger', lots, { outcome, reason });
  }

  override dealSettled(...settled: Parameters<StandingFold['dealSettled']>): void {
    super.dealSettled(...settled);
    const [id, , initiatorId, dealNumber, outcome, , lots] = settled;
    const deal = this.deals.get(keyOf(initiatorId, dealNumber));
    if (deal === undefined) return;
    this.turnTo(deal);
    const isInitiator = id === initiatorId;
    if (deal.restartPosition !== undefined || (!isInitiator && !deal.isInitiatorSettled)) {
      const position = deal.restartPosition ?? this.position;
      this.message(deal, 'lookUp', 'ledger', id, lots, { position, outcome });
    }
    const freedLots = (isInitiator ? deal.proposedLots : deal.acceptedLots) - lots;
    this.event(id, 'DealSettled', lots, { freedLots });
    if (!isInitiator) {
      deal.isResponderSettled = true;
      return;
    }
    deal.isInitiatorSettled = true;
    deal.restartPosition = undefined;
    const isNews = !deal.isResponderSettled;
    const name = outcome === Outcome.Confirmed ? 'confirmation' : 'abort';
    if (isNews) this.message(deal, name, id, deal.responderId, lots, { outcome });
  }

  override intentionReduced(...reduced: Parameters<StandingFold['intentionReduced']>): void {
    super.intentionReduced(...reduced);
    const [id, , byLots] = reduced;
    if (this.isSubject(id)) this.event(id, 'IntentionReduced', byLots);
  }

  override intentionAmended(...amended: Parameters<StandingFold['intentionAmended']>): void {
    super.intentionAmended(...amended);
    const [id, , priceTicks, openLots] = amended;
    if (this.isSubject(id)) this.event(id, 'IntentionAmended', openLots, { priceTicks });
  }

  override intentionWithdrawn(...withdrawn: Parameters<StandingFold['intentionWithdrawn']>): void {
    const [id, , reason] = withdrawn;
    if (this.isSubject(id)) this.event(id, 'IntentionWithdrawn', this.standing(id)?.leftLots ?? 0, { reason });
    super.intentionWithdrawn(...withdrawn);
  }

  override intentionExpired(...expired: Parameters<StandingFold['intentionExpired']>): void {
    const [id] = expired;
    if (this.isSubject(id)) this.event(id, 'IntentionExpired', this.standing(id)?.leftLots ?? 0);
    super.intentionExpired(...expired);
  }

  /** The deal, with what its parties told each other again after a restart. */
  private resumed(initiatorId: number, dealNumber: number): ChartedDeal | undefined {
    const deal = this.deals.get(keyOf(initiatorId, dealNumber));
    if (deal === undefined) return undefined;
    this.turnTo(deal);
    const { restartPosition: position, decision, responderId, proposedLots, acceptedLots } = deal;
    if (position === undefined || decision !== undefined) return deal;
    deal.restartPosition = undefined;
    if (deal.isForeign) return deal;
    this.message(deal, 'proposal', initiatorId, responderId, proposedLots, { position, isRepeated: true });
    if (acceptedLots > 0) {
      this.message(deal, 'acceptance', responderId, initiatorId, acceptedLots, { position, isRepeated: true });
    }
    return deal;
  }

  /** In the chart of an intention: says so when the rows turn from one deal to another. */
  private turnTo(deal: ChartedDeal): void {
    if (deal === this.current) return;
    this.current = deal;
    if ('intentionId' in this.subject) this.banner(deal);
  }

  private party(intentionId: number): StandingTerms | undefined {
    const terms = this.standing(intentionId);
    return terms === undefined ? undefined : { ...terms };
  }

  private event(
    at: EventRow['at'],
    type: EventRow['type'],
    lots: number,
    more: Partial<Pick<EventRow, 'freedLots' | 'priceTicks' | 'reason'>> = {},
  ): void {
    this.rows.push({ kind: 'event', position: this.position, at, type, lots, ...more });
  }

  private message(
    deal: ChartedDeal,
    message: MessageRow['message'],
    from: MessageRow['from'],
    to: MessageRow['to'],
    lots: number,
    more: Partial<Pick<MessageRow, 'position' | 'isRepeated' | 'outcome' | 'reason'>> = {},
  ): void {
    const { priceTicks } = deal;
    const row = { position: this.position, isRepeated: false, priceTicks, lots, ...more };
    this.rows.push({ kind: 'message', message, from, to, ...row });
  }
}

function keyOf(initiatorId: number, dealNumber: number): string {
  return `${initiatorId}-${dealNumber}`;
}

function isOver(deal: ChartedDeal): boolean {
  if (deal.isForeign) return deal.acceptedLots === 0 || deal.isResponderSettled;
  if (deal.decision === undefined || !deal.isInitiatorSettled) return false;
  return deal.acceptedLots === 0 || deal.isResponderSettled;
}
