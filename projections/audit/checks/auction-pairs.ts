import { isWithinLimit } from './predicates.js';
import type { AuditedInstrument, AuditedIntention } from '../state/records.js';

interface Waiting {
  readonly intention: AuditedIntention;
  leftLots: number;
}

export interface AuctionPair {
  readonly initiator: AuditedIntention;
  readonly responder: AuditedIntention;
  readonly lots: number;
}

/**
 * Who must deal with whom in an auction: buyers and sellers, each in the order of market, price and time as they stood when it
 * began, are paired off against each other until the volume is dealt. Of a pair, the older one proposes.
 */
export class AuctionPairs {
  readonly priceTicks: number;
  readonly volumeLots: number;
  dealtLots = 0;
  /** A party declined, failed, or is bound to another shard: from there on the pairs are no longer foreseeable. */
  isDisturbed = false;
  /** Its end was checked. */
  isAtRest = false;
  /** A new writer goes on with what is left of it. */
  isResumed = false;
  private readonly buyers: readonly Waiting[];
  private readonly sellers: readonly Waiting[];
  private buyer = 0;
  private seller = 0;

  constructor(
    readonly instrument: AuditedInstrument,
    { priceTicks, volumeLots }: { readonly priceTicks: number; readonly volumeLots: number },
    readonly position: number,
  ) {
    this.priceTicks = priceTicks;
    this.volumeLots = volumeLots;
    this.buyers = waiting(instrument.buyers.bestFirst(), priceTicks);
    this.sellers = waiting(instrument.sellers.bestFirst(), priceTicks);
  }

  /** The pair that is to deal next; undefined when the volume is dealt. */
  next(): AuctionPair | undefined {
    const buyer = this.buyers[this.buyer];
    const seller = this.sellers[this.seller];
    const left = this.volumeLots - this.dealtLots;
    if (buyer === undefined || seller === undefined || left === 0) return undefined;
    const isBuyerOlder = buyer.intention.placePosition < seller.intention.placePosition;
    const [initiator, responder] = isBuyerOlder ? [buyer, seller] : [seller, buyer];
    const lots = Math.min(buyer.leftLots, seller.leftLots, left);
    return { initiator: initiator.intention, responder: responder.intention, lots };
  }

  /** The pair that was next has dealt. */
  dealt(lots: number): void {
    this.dealtLots += lots;
    const buyer = this.buyers[this.buyer];
    const seller = this.sellers[this.seller];
    if (buyer === undefined || seller === undefined) return;
    buyer.leftLots -= lots;
    seller.leftLots -= lots;
    if (buyer.leftLots <= 0) this.buyer++;
    if (seller.leftLots <= 0) this.seller++;
  }
}

function waiting(bestFirst: Iterable<AuditedIntention>, priceTicks: number): Waiting[] {
  const list: Waiting[] = [];
  for (const intention of bestFirst) {
    if (intention.freeLots > 0 && isWithinLimit(intention, priceTicks)) {
      list.push({ intention, leftLots: intention.freeLots });
    }
  }
  return list;
}
