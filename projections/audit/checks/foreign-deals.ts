import type * as Recorded from '../../../src/domain/journal.generated.js';
import { Outcome } from '../../../src/domain/terms.js';
import { type DealId, dealName } from '../../ledger/deal-name.js';
import { type Limit, limitOf, settlesAsDecided, type DealOutcome } from './predicates.js';
import type { AuditedIntention } from '../state/records.js';
import type { Reservations } from '../state/reservations.js';
import type { AuditState } from '../state/state.js';

/** What a responder here has promised to an initiator in another shard, until it settles. */
interface Acceptance {
  readonly name: string;
  readonly responder: AuditedIntention;
  /** Its limit when it accepted: until it settles, the limit may be amended. */
  readonly limit: Limit;
  readonly priceTicks: number;
  readonly lots: number;
  readonly position: number;
}

/**
 * Checks the responder's side of deals whose initiators live in other shards. Proposals and decisions stand in the logs there, so it is
 * held to its own word: it answers a proposal once, and settles once, by filling all that it accepted or nothing.
 *
 * 1. Of what is settled it remembers the latest answer of each open intention to each initiator, as the exchange does.
 */
export class ForeignDeals {
  private readonly open = new Map<string, Acceptance>();

  constructor(
    private readonly state: AuditState,
    private readonly reservations: Reservations,
  ) {}

  accepted(event: Recorded.ProposalAccepted): void {
    const { intentionId: id, initiatorId, dealNumber, priceTicks, quantityLots: lots } = event;
    const { state, open } = this;
    const responder = state.openStream(event, 'accepts a proposal');
    if (responder === undefined) return;
    const name = dealName(event);
    const answered = Math.abs(responder.answered?.get(initiatorId) ?? 0);
    if (open.has(name) || dealNumber <= answered) {
      state.report('ANSWER_UNFOUNDED', `intention ${id} accepts deal ${name}, which was answered before`);
      return;
    }
    const limit = limitOf(responder);
    if (lots < 1) state.report('ANSWER_UNFOUNDED', `intention ${id} accepted nothing of deal ${name}`);
    state.checkLimit(name, id, limit, priceTicks);
    open.set(name, { name, responder, limit, priceTicks, lots, position: state.position });
    remember(responder, initiatorId, dealNumber);
    responder.unsettledDeals++;
    this.reservations.reserve(responder, lots);
  }

  /** May be said again to a copy of a proposal; but never of what was accepted. */
  declined(event: Recorded.ProposalDeclined): void {
    const { intentionId: id, initiatorId, dealNumber } = event;
    const responder = this.state.stream(event);
    if (responder === undefined) return;
    if (dealNumber <= (responder.answered?.get(initiatorId) ?? 0)) {
      const name = dealName(event);
      this.state.report(
        'ANSWER_UNFOUNDED',
        `intention ${id} declines deal ${name}, though it has accepted it, or a later one`,
      );
      return;
    }
    remember(responder, initiatorId, -dealNumber);
  }

  confirmed(event: Recorded.DealConfirmed): void {
    this.decided(event);
  }

  aborted(event: Recorded.DealAborted): void {
    this.decided(event);
  }

  private decided(deal: DealId): void {
    this.state.report(
      'FOREIGN_DECISION',
      `deal ${dealName(deal)} is decided here, though its initiator lives in another shard`,
    );
  }

  settled(event: Recorded.DealSettled): void {
    const { intentionId: id, quantityLots } = event;
    const { state } = this;
    const responder = state.stream(event);
    const name = dealName(event);
    const acceptance = this.open.get(name);
    if (acceptance === undefined || acceptance.responder !== responder) {
      state.report('SETTLED_TWICE', `intention ${id} settles deal ${name}, in which it holds no reservation`);
      return;
    }
    this.checkSettlement(acceptance, event);
    this.open.delete(name);
    this.reservations.release(responder, acceptance.lots, quantityLots);
    responder.unsettledDeals--;
    state.intentions.forgetIfDone(responder);
  }

  /** Whatever the other log says, it is one of two things. */
  private checkSettlement(acceptance: Acceptance, settlement: DealOutcome): void {
    const { name, responder, limit, priceTicks, lots, position } = acceptance;
    const confirmation = { outcome: Outcome.Confirmed, priceTicks, quantityLots: lots };
    const abort = { outcome: Outcome.Aborted, priceTicks: 0, quantityLots: 0 };
    if (settlesAsDecided(confirmation, settlement) || settlesAsDecided(abort, settlement)) return;
    this.state.report(
      'I3_SETTLED_DIFFERS',
      `intention ${responder.id} settled deal ${name} otherwise than it was accepted at position ${position}`,
    );
    if (settlement.priceTicks !== priceTicks) this.state.checkLimit(name, responder.id, limit, settlement.priceTicks);
  }

  /** At the head of the log: what the other shards have not been heard about yet. */
  reportInDoubt(): void {
    for (const { name, responder, position } of this.open.values()) {
      const what = `deal ${name} is accepted by intention ${responder.id}, but not settled`;
      this.state.reportAtHead('DEAL_IN_DOUBT', position, what);
    }
  }
}

function remember(responder: AuditedIntention, initiatorId: number, answer: number): void {
  responder.answered ??= new Map();
  responder.answered.set(initiatorId, answer);
}
