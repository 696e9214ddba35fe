import {
  Phase,
  Pricing,
  SelfTrade,
  TimeInForce,
  WithdrawReason,
  withdrawReasonNames,
} from '../../../src/domain/terms.js';
import { crosses, passedOver } from './predicates.js';
import { rulePriceTicks } from './price-rule.js';
import type { AuditedDeal, AuditedIntention } from '../state/records.js';
import type { AuditedArrival, AuditState } from '../state/state.js';

/**
 * Checks continuous trading: that an arriving intention is taken past the book in the order of price and time (I9), at the price
 * that the rule gives, and that it deals as far as it can before the next command is taken.
 */
export class Arrivals {
  constructor(private readonly state: AuditState) {}

  /** An intention was posted or amended. */
  begin(intention: AuditedIntention): void {
    const { phase, terms } = intention.instrument;
    if (phase !== Phase.Continuous) return;
    this.state.arrival = { intention, asked: undefined, isDisturbed: false, isAtRest: false, isResumed: false };
    const own = terms.selfTrade === SelfTrade.RefuseArriving ? ownRivalOf(intention) : undefined;
    if (own !== undefined) {
      this.state.report(
        'SELF_TRADE',
        `intention ${intention.id} was let in though it meets ${own.id}, of the same participant`,
      );
    }
  }

  /** Outside an auction, the initiator proposed to the responder. */
  onProposal(deal: AuditedDeal, responder: AuditedIntention): void {
    const { state } = this;
    const { initiator } = deal;
    const { terms, phase } = initiator.instrument;
    if (phase !== Phase.Continuous) {
      state.report('WRONG_PHASE', `deal ${deal.name} was proposed in a call phase, outside an auction`);
      return;
    }
    const arrival = this.current;
    if (arrival?.intention !== responder) {
      state.report(
        'NOT_ARRIVING',
        `deal ${deal.name} was proposed to intention ${responder.id}, which was not arriving`,
      );
      return;
    }
    const price = rulePriceTicks(terms.priceRule, initiator, responder);
    if (price !== undefined && price !== deal.priceTicks) {
      state.report(
        'PRICE_RULE_BROKEN',
        `deal ${deal.name} is at ${deal.priceTicks}; by its instrument’s rule it is at ${price}`,
      );
    }
    this.checkPriority(deal, arrival);
    this.checkWishes(deal, arrival);
  }

  private checkPriority(deal: AuditedDeal, arrival: AuditedArrival): void {
    const { initiator } = deal;
    const queue = initiator.instrument.queue(initiator.side);
    if (queue.best === initiator || !queue.has(initiator)) return;
    const first = passedOver(queue.bestFirst(), initiator, (standing) => isWilling(standing, arrival));
    if (first === undefined) return;
    const place = first.priceTicks === initiator.priceTicks ? 'older' : 'better';
    this.state.report(
      'I9_PASSED_OVER',
      `intention ${initiator.id} was asked for deal ${deal.name} before intention ${first.id}, which is ${place} and was willing`,
    );
  }

  private checkWishes(deal: AuditedDeal, arrival: AuditedArrival): void {
    const { initiator } = deal;
    const { intention } = arrival;
    if (intention.terms.postOnly) {
      this.state.report(
        'POST_ONLY_DEALT',
        `post-only intention ${intention.id} was proposed deal ${deal.name} as it arrived`,
      );
    }
    const isOwn = initiator.participantId === intention.participantId;
    if (isOwn && initiator.instrument.terms.selfTrade === SelfTrade.WithdrawStanding) {
      this.state.report(
        'SELF_TRADE',
        `deal ${deal.name} is between intentions ${initiator.id} and ${intention.id} of one participant`,
      );
    }
  }

  onAborted(deal: AuditedDeal): void {
    const arrival = this.current;
    if (arrival?.intention.id !== deal.responderId) return;
    arrival.isDisturbed = true;
    arrival.asked ??= new Set();
    arrival.asked.add(deal.initiator);
  }

  /** Before the intention is taken from the book: whether the reason can be true. */
  onWithdrawn(intention: AuditedIntention, reason: number): void {
    const arrival = this.current;
    if (!isReasonPossible(intention, reason, arrival)) {
      const name = withdrawReasonNames[reason] ?? reason;
      this.state.report('WITHDRAWAL_UNFOUNDED', `intention ${intention.id} cannot have been withdrawn as ${name}`);
    }
    if (reason === WithdrawReason.Parked && arrival !== undefined) arrival.isDisturbed = true;
    if (reason === WithdrawReason.FillOrKill) this.checkKill(intention);
    else if (arrival?.intention === intention && isRest(reason)) this.checkExhausted(arrival);
  }

  private checkKill(intention: AuditedIntention): void {
    const { id, filledLots, quantityLots } = intention;
    if (filledLots > 0) {
      const isDisturbed = this.arrivalOf(intention)?.isDisturbed === true;
      const why = isDisturbed ? ', because a party was parked or a deal was aborted on the way' : '';
      const message = `fill-or-kill intention ${id} was filled ${filledLots} of ${quantityLots} lots${why}`;
      this.state.report('FILL_OR_KILL_BROKEN', message, isDisturbed ? 'note' : 'violation');
      return;
    }
    if (this.canFill(intention)) {
      this.state.report('FILL_OR_KILL_BROKEN', `fill-or-kill intention ${id} was killed, but could be filled`);
    }
  }

  private arrivalOf(intention: AuditedIntention): AuditedArrival | undefined {
    const arrival = this.current;
    return arrival?.intention === intention ? arrival : undefined;
  }

  /** Whether those who were not asked in vain can fill it whole. Own ones that would be withdrawn do not count. */
  private canFill(intention: AuditedIntention): boolean {
    const { terms } = intention.instrument;
    const asked = this.arrivalOf(intention)?.asked;
    let missing = intention.quantityLots;
    for (const standing of intention.instrument.opposite(intention.side).bestFirst()) {
      if (missing <= 0 || !crosses(intention, standing)) break;
      const isOwn = standing.participantId === intention.participantId;
      if (isOwn && terms.selfTrade === SelfTrade.WithdrawStanding) continue;
      if (!standing.isProposingRemotely && asked?.has(standing) !== true) missing -= standing.freeLots;
    }
    return missing <= 0;
  }

  /** The one that goes past the book now. */
  private get current(): AuditedArrival | undefined {
    const { arrival } = this.state;
    return arrival?.isAtRest === true && !arrival.isResumed ? undefined : arrival;
  }

  /** A writer has started: the arrival that was the latest goes past the book again. */
  resume(): void {
    const { arrival } = this.state;
    if (arrival !== undefined) arrival.isResumed = true;
  }

  /** A command is taken that leaves nothing of the arrival before it. */
  end(): void {
    this.rest();
    this.state.arrival = undefined;
  }

  /** Something else is taken: the arrival before it must have ended. */
  rest(): void {
    const { arrival } = this.state;
    if (arrival === undefined) return;
    arrival.isResumed = false;
    if (arrival.isAtRest) return;
    arrival.isAtRest = true;
    const { intention } = arrival;
    if (!intention.isOpen) return;
    if (isImmediate(intention)) {
      this.state.report(
        'ARRIVAL_UNFINISHED',
        `intention ${intention.id} may not stand, but its rest was not withdrawn`,
      );
    } else {
      this.checkExhausted(arrival);
    }
  }

  private checkExhausted(arrival: AuditedArrival): void {
    const rival = this.nextWilling(arrival);
    if (rival === undefined) return;
    const { intention } = arrival;
    this.state.report(
      'ARRIVAL_UNFINISHED',
      `intention ${intention.id} could still have dealt with intention ${rival.id}`,
    );
  }

  /** Whom the arrival still had to meet. */
  private nextWilling(arrival: AuditedArrival): AuditedIntention | undefined {
    const { intention } = arrival;
    if (intention.freeLots <= 0) return undefined;
    for (const standing of intention.instrument.opposite(intention.side).bestFirst()) {
      if (!crosses(intention, standing)) return undefined;
      if (isWilling(standing, arrival)) return standing;
    }
    return undefined;
  }

  /** At the head of the log: whether there is an arrival that has not ended. */
  get isUnderWay(): boolean {
    const { arrival } = this.state;
    if (arrival?.intention.isOpen !== true || arrival.isAtRest) return false;
    return isImmediate(arrival.intention) || this.nextWilling(arrival) !== undefined;
  }
}

/**
 * Whom of its own participant it would meet before it is filled. `refuseArriving` looks at this once, as it is posted: if somebody
 * declines later on, it may meet one after all.
 */
function ownRivalOf(intention: AuditedIntention): AuditedIntention | undefined {
  let missing = intention.freeLots;
  for (const standing of intention.instrument.opposite(intention.side).bestFirst()) {
    if (missing <= 0 || !crosses(intention, standing)) return undefined;
    if (standing.participantId === intention.participantId) return standing;
    missing -= standing.freeLots;
  }
  return undefined;
}

function isWilling(standing: AuditedIntention, arrival: AuditedArrival): boolean {
  if (standing.freeLots <= 0 || standing.isProposingRemotely) return false;
  if (arrival.asked?.has(standing) === true) return false;
  return crosses(standing, arrival.intention);
}

/** Whether it may not stand in continuous trading. */
function isImmediate(intention: AuditedIntention): boolean {
  const { timeInForce } = intention.terms;
  return intention.pricing === Pricing.Market || timeInForce === TimeInForce.Ioc || timeInForce === TimeInForce.Fok;
}

function isRest(reason: number): boolean {
  return reason === WithdrawReason.ImmediateOrCancel || reason === WithdrawReason.MarketRemainder;
}

function isReasonPossible(intention: AuditedIntention, reason: number, arrival: AuditedArrival | undefined): boolean {
  const { terms, pricing, instrument } = intention;
  const { timeInForce } = terms;
  switch (reason) {
    case WithdrawReason.ImmediateOrCancel:
      return timeInForce === TimeInForce.Ioc || pricing === Pricing.Market;
    case WithdrawReason.FillOrKill:
      return timeInForce === TimeInForce.Fok;
    case WithdrawReason.MarketRemainder:
      return pricing === Pricing.Market;
    case WithdrawReason.SelfTrade:
      if (instrument.terms.selfTrade !== SelfTrade.WithdrawStanding || arrival === undefined) return false;
      return isOwnRival(intention, arrival.intention);
    default:
      return true;
  }
}

function isOwnRival(standing: AuditedIntention, arriving: AuditedIntention): boolean {
  const { participantId, instrument, side } = arriving;
  if (standing.participantId !== participantId || standing.instrument !== instrument) return false;
  return standing.side !== side && crosses(standing, arriving);
}
