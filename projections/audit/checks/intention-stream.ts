import type * as Recorded from '../../../src/domain/journal.generated.js';
import { MAX_LOTS, MAX_TICKS, Pricing, TimeInForce, WithdrawReason } from '../../../src/domain/terms.js';
import type { Arrivals } from './arrivals.js';
import type { ParticipantLimits } from './participant-limits.js';
import type { Auctions } from './auctions.js';
import { UsedClientIds } from '../state/used-client-ids.js';
import { isCovered } from './predicates.js';
import type { AuditedDeals } from '../state/audited-deals.js';
import { AuditedInstrument, AuditedIntention } from '../state/records.js';
import type { AuditState } from '../state/state.js';

/** Stands in for an instrument that was never listed, so that the intentions in it can be followed all the same. */
const UNLISTED = {
  priceDecimals: 0,
  tickSize: 1,
  quantityDecimals: 0,
  lotSize: 1,
  minPriceTicks: 1,
  maxPriceTicks: MAX_TICKS,
  priceRule: 0,
  selfTrade: 0,
  counterparties: 0,
};

/** Of each intention, so many commands are known by their clients' ids. */
const REMEMBERED_COMMANDS = 16;

/** What else is checked where an intention comes, changes or goes. */
interface IntentionChecks {
  readonly deals: AuditedDeals;
  readonly arrivals: Arrivals;
  readonly auctions: Auctions;
  readonly limits: ParticipantLimits;
}

/** Checks what happens to an intention by itself: posted, reduced, amended, withdrawn, expired. */
export class IntentionStreams {
  private readonly clientIds = new UsedClientIds();

  constructor(
    private readonly state: AuditState,
    private readonly checks: IntentionChecks,
  ) {}

  posted(event: Recorded.IntentionPosted): void {
    const { intentionId: id, participantId, clientIntentionId: clientId } = event;
    const { state } = this;
    state.checkRevision(`intention-${id}`, 0, event.revision);
    if (!state.intentions.takeId(id)) state.report('ID_OUT_OF_ORDER', `intention ${id} does not have the next id`);
    if (!state.participants.has(participantId)) {
      state.report('UNKNOWN_PARTICIPANT', `intention ${id} is of participant ${participantId}, who was never admitted`);
    }
    if (!this.clientIds.add(participantId, clientId)) {
      state.report(
        'CLIENT_ID_REUSED',
        `participant ${participantId} has used client id ${JSON.stringify(clientId)} before`,
      );
    }
    if (state.intentions.get(id) !== undefined) return;
    const instrument = this.instrument(event.instrumentId);
    const intention = new AuditedIntention(event, instrument, state.position);
    this.checkTerms(intention);
    state.intentions.add(intention);
    instrument.queue(intention.side).add(intention);
    this.checks.limits.posted(intention, event.atMs);
    this.checks.arrivals.begin(intention);
  }

  private instrument(instrumentId: number): AuditedInstrument {
    const known = this.state.instruments.get(instrumentId);
    if (known !== undefined) return known;
    this.state.report('UNKNOWN_INSTRUMENT', `instrument ${instrumentId} was never listed`);
    const unlisted = new AuditedInstrument(instrumentId, { ...UNLISTED, symbol: `instrument ${instrumentId}` });
    this.state.instruments.set(instrumentId, unlisted);
    return unlisted;
  }

  private checkTerms(intention: AuditedIntention): void {
    const { id, pricing, priceTicks, quantityLots, terms } = intention;
    const { timeInForce, expiresAtMs } = terms;
    if (quantityLots < 1 || quantityLots > MAX_LOTS) this.invalid(id, `a quantity of ${quantityLots} lots`);
    if ((timeInForce === TimeInForce.Gtd) !== expiresAtMs > 0)
      this.invalid(id, 'a time in force and a time that do not go together');
    if (pricing === Pricing.Limit) this.checkBand(intention);
    else if (priceTicks !== 0) this.invalid(id, 'a price, though it is a market intention');
  }

  private invalid(id: number, what: string): void {
    this.state.report('TERMS_INVALID', `intention ${id} has ${what}`);
  }

  private checkBand({ id, priceTicks, instrument }: AuditedIntention): void {
    const { minPriceTicks, maxPriceTicks } = instrument.terms;
    if (priceTicks >= minPriceTicks && priceTicks <= maxPriceTicks) return;
    this.state.report(
      'PRICE_OUT_OF_BAND',
      `intention ${id} has a limit of ${priceTicks}, the band is ${minPriceTicks} to ${maxPriceTicks}`,
    );
  }

  reduced(event: Recorded.IntentionReduced): void {
    const { intentionId: id, byLots, clientCommandId } = event;
    const intention = this.state.openStream(event, 'is reduced');
    if (intention === undefined) return;
    if (byLots < 1 && clientCommandId === '') this.invalid(id, 'been reduced by nothing');
    this.checkCommand(intention, clientCommandId);
    intention.quantityLots -= byLots;
    this.checkCover(intention);
    if (intention.quantityLots <= intention.filledLots) this.checks.deals.close(intention);
  }

  amended(event: Recorded.IntentionAmended): void {
    const { intentionId: id, priceTicks, openLots } = event;
    const intention = this.state.openStream(event, 'is amended');
    if (intention === undefined) return;
    this.checkCommand(intention, event.clientCommandId);
    if (openLots < 1 || intention.pricing === Pricing.Market) this.invalid(id, 'been amended to what cannot be');
    const queue = intention.instrument.queue(intention.side);
    const openBefore = intention.quantityLots - intention.filledLots;
    queue.remove(intention);
    intention.priceTicks = priceTicks;
    intention.quantityLots = intention.filledLots + openLots;
    intention.placePosition = this.state.position;
    queue.add(intention);
    this.checkBand(intention);
    this.checkCover(intention);
    this.checks.limits.amended(intention, openBefore);
    this.checks.arrivals.begin(intention);
  }

  /** A command that is known by its client's id is not done again. */
  private checkCommand(intention: AuditedIntention, clientCommandId: string): void {
    if (clientCommandId === '') return;
    intention.commands ??= [];
    const { id, commands } = intention;
    if (commands.includes(clientCommandId)) {
      this.state.report('COMMAND_REPEATED', `intention ${id} is changed again by the command ${clientCommandId}`);
    }
    commands.push(clientCommandId);
    if (commands.length > REMEMBERED_COMMANDS) commands.shift();
  }

  private checkCover(intention: AuditedIntention): void {
    if (isCovered(intention)) return;
    const { id, quantityLots, filledLots, reservedLots } = intention;
    this.state.report(
      'I1_OVERFILLED',
      `intention ${id} is cut to ${quantityLots} lots, ${filledLots} of them filled and ${reservedLots} reserved`,
    );
  }

  withdrawn(event: Recorded.IntentionWithdrawn): void {
    const { reason } = event;
    const intention = this.state.openStream(event, 'is withdrawn');
    if (intention === undefined) return;
    if (!isAsked(reason)) this.checks.arrivals.onWithdrawn(intention, reason);
    this.checks.auctions.onGone(intention);
    this.checks.deals.close(intention);
  }

  expired(event: Recorded.IntentionExpired): void {
    const { intentionId: id, atMs } = event;
    const intention = this.state.openStream(event, 'expires');
    if (intention === undefined) return;
    const { expiresAtMs } = intention.terms;
    if (expiresAtMs === 0 || atMs < expiresAtMs) {
      const due = expiresAtMs === 0 ? 'does not expire' : `expires at ${expiresAtMs}`;
      this.state.report('EXPIRY_UNFOUNDED', `intention ${id} ${due}, and yet it expired at ${atMs}`);
    }
    this.checks.auctions.onGone(intention);
    this.checks.deals.close(intention);
  }
}

/** Whether it is a command of its own, by whomever. */
export function isRequested(reason: number): boolean {
  return reason === WithdrawReason.Requested || reason === WithdrawReason.Disconnected;
}

/** Whether something beside the market asked for it, so that it comes between commands. */
export function isAsked(reason: number): boolean {
  return isRequested(reason) || reason === WithdrawReason.SwitchLapsed || reason === WithdrawReason.Halted;
}
