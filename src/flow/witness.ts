import { BookFold } from '../../projections/book/book.js';
import { readEvent } from '../events/codec.generated.js';
import { ByteCursor } from '../events/bytes.js';
import type { EventBatch } from '../events/fold.js';
import type { Recorded } from '../events/handlers.generated.js';
import type { FlowLevel } from './flow-line.js';
import type { BookLevels } from './outcome.js';

/** A deal as the log has it. */
export interface WitnessedDeal {
  readonly initiatorId: number;
  readonly responderId: number;
  readonly initiatorBuys: boolean;
  readonly priceTicks: number;
  readonly quantityLots: number;
}

/** What the log tells of deals, auctions and the book: all that a flow's expectations are held against. */
class WitnessFold extends BookFold {
  deals: WitnessedDeal[] = [];
  auction: { priceTicks: number; volumeLots: number } | undefined;

  override dealConfirmed({
    initiatorId,
    responderId,
    initiatorSide,
    priceTicks,
    quantityLots,
  }: Recorded.DealConfirmed): void {
    this.deals.push({ initiatorId, responderId, initiatorBuys: initiatorSide === 0, priceTicks, quantityLots });
  }

  override auctionUncrossed({ priceTicks, volumeLots }: Recorded.AuctionUncrossed): void {
    this.auction = { priceTicks, volumeLots };
  }
}

/**
 * Follows the durable log behind the exchange that a flow is played into, and stops wherever a step of the flow ended. What the
 * flow expects is compared with what stands in the log, not with what the exchange answered.
 */
export class LogWitness {
  readonly fold = new WitnessFold();
  private cursor = new ByteCursor(new Uint8Array(0));
  /** Position of the next event that will be read. */
  private position: number;
  private batchEnd: number;

  constructor(
    private readonly batches: AsyncIterator<EventBatch>,
    from: number,
  ) {
    this.position = from;
    this.batchEnd = from;
  }

  /** Whether reading up to a position needs no waiting. */
  has(position: number): boolean {
    return position <= this.batchEnd;
  }

  /** Reads on to a position within the batch at hand. */
  advanceWithin(position: number): void {
    while (this.position < position) {
      this.fold.position = this.position++;
      readEvent(this.cursor, this.fold);
    }
  }

  /** Reads on to a position, waiting for batches as needed. */
  async advanceTo(position: number): Promise<void> {
    while (!this.has(position)) {
      this.advanceWithin(this.batchEnd);
      const next = await this.batches.next();
      if (next.done === true) throw new Error('the log ended before it was read to its end');
      const { value } = next;
      this.cursor = new ByteCursor(value.bytes);
      const from = this.position;
      this.position = value.firstPosition;
      this.batchEnd = value.firstPosition + value.count;
      if (from > this.position) this.advanceWithin(from);
    }
    this.advanceWithin(position);
  }

  /** Lets go of the log. */
  async close(): Promise<void> {
    await this.batches.return?.();
  }

  /** The best levels of an instrument's book. */
  book(instrumentId: number, depth: number): BookLevels {
    const levels = (side: number): FlowLevel[] =>
      this.fold
        .levels(instrumentId, side, depth)
        .map(({ priceTicks, lots }) => ({ price: priceTicks, quantity: lots }));
    return { bids: levels(0), asks: levels(1) };
  }

  /** The deals and the auction since this was asked last. */
  take(): { deals: readonly WitnessedDeal[]; auction: { priceTicks: number; volumeLots: number } | undefined } {
    const { deals, auction } = this.fold;
    this.fold.deals = [];
    this.fold.auction = undefined;
    return { deals, auction };
  }
}
