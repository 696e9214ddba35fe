import type * as Recorded from '../../src/domain/journal.generated.js';
import { isCrossShard } from '../../src/domain/ids.js';
import { NoopHandler } from '../../src/events/handlers.generated.js';
import { OpenDeals } from './open-deals.js';

/**
 * What every fold over deals needs: which decision of a deal counts, and when it was made.
 *
 * 1. `confirmed` and `aborted` receive a deal's first decision only; later ones are counted in `lateDecisions`.
 * 2. A deal with another shard is a deal of the log in which it is decided, its initiator's. In the responder's log it is that side's
 *    fill alone, which `filledRemotely` receives.
 * 3. `atMs` is the time that the latest event with a time names. A deal has no time of its own: it happened then.
 */
export abstract class DealFold extends NoopHandler {
  /** The deals in flight. */
  readonly openDeals = new OpenDeals();
  dealsConfirmed = 0;
  dealsAborted = 0;
  lateDecisions = 0;

  /** A deal stands. */
  protected abstract confirmed(deal: Recorded.DealConfirmed): void;

  /** There is no such deal. Counts it; a fold that does more calls this too. */
  protected aborted(_deal: Recorded.DealAborted): void {
    this.dealsAborted++;
  }

  /** A responder of this log has filled its side of a deal that another shard has decided. */
  protected filledRemotely(_settlement: Recorded.DealSettled): void {
    // Most folds are about deals.
  }

  override dealConfirmed(deal: Recorded.DealConfirmed): void {
    if (!this.openDeals.confirm(deal, this.position)) {
      this.lateDecisions++;
      return;
    }
    this.dealsConfirmed++;
    this.confirmed(deal);
  }

  override dealAborted(deal: Recorded.DealAborted): void {
    if (this.openDeals.abort(deal, this.position)) this.aborted(deal);
    else this.lateDecisions++;
  }

  override proposalMade(event: Recorded.ProposalMade): void {
    this.openDeals.propose(event, this);
  }

  override proposalAccepted(event: Recorded.ProposalAccepted): void {
    this.openDeals.accept(event, this);
  }

  override dealSettled(event: Recorded.DealSettled): void {
    this.settle(event);
  }

  /** Returns the lots whose reservation ends. */
  protected settle(event: Recorded.DealSettled): number {
    const { intentionId, initiatorId, quantityLots } = event;
    const freedLots = this.openDeals.settle(event);
    if (freedLots > 0 && quantityLots > 0 && intentionId !== initiatorId && isCrossShard(initiatorId, intentionId)) {
      this.filledRemotely(event);
    }
    return freedLots;
  }
}
