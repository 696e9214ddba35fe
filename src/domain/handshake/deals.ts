import { Index, isCrossShard } from '../ids.js';

/**
 * The deals in flight: proposed, and not yet settled by every side that lives here. This is the part of the ledger that the
 * handshake itself needs; a deal leaves it once nobody here can still ask about it.
 *
 * 1. `decision` is set by the first DealConfirmed or DealAborted in log order and never changes again.
 * 2. A side's row is Index.None when it lives elsewhere, has not answered yet, or has settled.
 * 3. The decision of a deal whose initiator lives elsewhere is known here only once this side has settled as the other log says.
 */
export class DealInFlight {
  initiatorId = 0;
  dealNumber = 0;
  responderId = 0;
  priceTicks = 0;
  proposedLots = 0;
  acceptedLots = 0;
  initiatorRow: number = Index.None;
  responderRow: number = Index.None;
  /** An Outcome, or Index.None while undecided. */
  decision: number = Index.None;
  decidedLots = 0;
  /** The next deal that the same responder is in doubt about. */
  nextInDoubt: number = Index.None;
  /** Whether a timer runs for either side. No part of the state: timers are set again after a replay. */
  isInitiatorTimed = false;
  isResponderTimed = false;
  /** Whether its two sides live in different shards. */
  isCrossShard = false;
  inUse = false;
}

export class DealsInFlight {
  private readonly deals: DealInFlight[] = [];
  private readonly unused: number[] = [];
  /** How many there are. */
  size = 0;
  /** How many of them have one side elsewhere. */
  crossShard = 0;

  at(deal: number): DealInFlight {
    const found = this.deals[deal];
    if (found === undefined) throw new Error(`no deal in flight has the number ${deal}`);
    return found;
  }

  /** The deal with this id, or Index.None. Few are ever in flight at once, so they are simply looked through. */
  find(initiatorId: number, dealNumber: number): number {
    if (this.size === 0) return Index.None;
    for (let index = 0; index < this.deals.length; index++) {
      const deal = this.at(index);
      if (deal.inUse && deal.initiatorId === initiatorId && deal.dealNumber === dealNumber) return index;
    }
    return Index.None;
  }

  open(initiatorId: number, dealNumber: number, responderId: number, priceTicks: number): number {
    const index = this.unused.pop() ?? this.deals.push(new DealInFlight()) - 1;
    const deal = this.at(index);
    deal.initiatorId = initiatorId;
    deal.dealNumber = dealNumber;
    deal.responderId = responderId;
    deal.priceTicks = priceTicks;
    deal.proposedLots = 0;
    deal.acceptedLots = 0;
    deal.initiatorRow = Index.None;
    deal.responderRow = Index.None;
    deal.decision = Index.None;
    deal.decidedLots = 0;
    deal.nextInDoubt = Index.None;
    deal.isInitiatorTimed = false;
    deal.isResponderTimed = false;
    deal.isCrossShard = isCrossShard(initiatorId, responderId);
    deal.inUse = true;
    this.size++;
    if (deal.isCrossShard) this.crossShard++;
    return index;
  }

  /** Forgets the deal once it is decided and no side here still has to settle it. */
  closeIfSettled(index: number): void {
    const deal = this.at(index);
    if (deal.decision === Index.None || deal.initiatorRow !== Index.None || deal.responderRow !== Index.None) return;
    deal.inUse = false;
    this.unused.push(index);
    this.size--;
    if (deal.isCrossShard) this.crossShard--;
  }

  /** The deals as they are, for a snapshot; undefined where a place is unused. */
  dump(): (DealInFlight | undefined)[] {
    return this.deals.map((deal) => (deal.inUse ? deal : undefined));
  }

  /** Takes over the deals of a snapshot; there must be none yet. */
  load(dump: readonly (DealInFlight | undefined)[]): void {
    dump.forEach((deal, index) => {
      const loaded = Object.assign(new DealInFlight(), deal);
      this.deals.push(loaded);
      if (!loaded.inUse) {
        this.unused.push(index);
        return;
      }
      loaded.isInitiatorTimed = false;
      loaded.isResponderTimed = false;
      this.size++;
      if (loaded.isCrossShard) this.crossShard++;
    });
  }

  /** Whether a handshake is under way whose sides both live here. Nothing else here waits for one that leads elsewhere. */
  get isAnyWithin(): boolean {
    return this.size > this.crossShard;
  }

  forEach(visitor: (deal: DealInFlight, index: number) => void): void {
    this.deals.forEach((deal, index) => {
      if (deal.inUse) visitor(deal, index);
    });
  }
}
