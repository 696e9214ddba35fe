import { isCovered } from '../checks/predicates.js';
import type { AuditedDeals } from './audited-deals.js';
import type { AuditedIntention } from './records.js';
import type { AuditState } from './state.js';

/** What intentions hold for deals that are not settled, and what they fill or free of it. */
export class Reservations {
  constructor(
    private readonly state: AuditState,
    private readonly deals: AuditedDeals,
  ) {}

  reserve(intention: AuditedIntention, lots: number): void {
    intention.reservedLots += lots;
    this.checkCover(intention);
  }

  /** Fills `lots` of what was held and frees the rest, which stays only if the intention is still open. */
  release(intention: AuditedIntention, heldLots: number, lots: number): void {
    intention.reservedLots -= heldLots;
    intention.filledLots += lots;
    if (!intention.isOpen) intention.quantityLots -= heldLots - lots;
    this.checkCover(intention);
    if (intention.filledLots >= intention.quantityLots) this.deals.close(intention);
  }

  private checkCover(intention: AuditedIntention): void {
    if (isCovered(intention)) return;
    const { id, quantityLots, filledLots, reservedLots } = intention;
    this.state.report(
      'I1_OVERFILLED',
      `intention ${id} has ${filledLots} filled and ${reservedLots} reserved of ${quantityLots} lots`,
    );
  }
}
