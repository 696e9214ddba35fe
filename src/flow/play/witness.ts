import { BookFold } from '../../../projections/book/book.js';
import { readEvent } from '../../events/codec.generated.js';
import { ByteCursor } from '../../events/bytes.js';
import type { EventBatch } from '../../events/fold.js';
import type { Recorded } from '../../events/handlers.generated.js';
import type { FlowLevel } from '../script/flow-line.js';
import type { BookLevels } from './outcome.js';

/** A deal as the log has it, in the file's units. */
export interface WitnessedDeal {
  readonly initiatorId: number;
  readonly responderId: number;
  readonly initiatorBuys: boolean;
  readonly price: number;
  readonly quantity: number;
}

/** An intention that expired or was withdrawn, as the log has it. */
export interface WitnessedEnding {
  readonly intentionId: number;
  /** An index into withdrawReasonNames; undefined where it expired. */
  readonly reason: number | undefined;
}

/** The instrument that a step was about, with its tick and its lot in the file's units. */
export interface Watched {
  readonly instrumentId: number;
  readonly tick: number;
  readonly lot: number;
}

/** What has happened to an instrument since the witness was asked last. */
export interface Witnessed {
  readonly deals: readonly WitnessedDeal[];
  readonly auction: { readonly price: number; readonly volume: number } | undefined;
  /** Of intentions on any instrument. */
  readonly endings: readonly WitnessedEnding[];
}

const NOTHING: Witnessed = { deals: [], auction: undefined, endings: [] };

/** What the log tells of deals, auctions, endings and the book: all that a flow's expectations are held against. */
class WitnessFold extends BookFold {
  deals: Recorded.DealConfirmed[] = [];
  auction: { priceTicks: number; volumeLots: number } | undefined;
  endings: WitnessedEnding[] = [];

  override dealConfirmed(event: Recorded.DealConfirmed): void {
    this.deals.push({ ...event });
  }

  override auctionUncrossed({ priceTicks, volumeLots }: Recorded.AuctionUncrossed): void {
    this.auction = { priceTicks, volumeLots };
  }

  override intentionWithdrawn(event: Recorded.IntentionWithdrawn): void {
    super.intentionWithdrawn(event);
    this.endings.push({ intentionId: event.intentionId, reason: event.reason });
  }

  override intentionExpired(event: Recorded.IntentionExpired): void {
    super.intentionExpired(event);
    this.endings.push({ intentionId: event.intentionId, reason: undefined });
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
  book({ instrumentId, tick, lot }: Watched, depth: number): BookLevels {
    const levels = (side: number): FlowLevel[] =>
      this.fold
        .levels(instrumentId, side, depth)
        .map(({ priceTicks, lots }) => ({ price: priceTicks * tick, quantity: lots * lot }));
    return { bids: levels(0), asks: levels(1) };
  }

  /** What has happened to an instrument since this was asked last. */
  take({ instrumentId, tick, lot }: Watched): Witnessed {
    const { deals, auction, endings } = this.fold;
    if (deals.length === 0 && auction === undefined && endings.length === 0) return NOTHING;
    this.fold.deals = [];
    this.fold.auction = undefined;
    this.fold.endings = [];
    return {
      // Deals on others are those that a start has settled.
      deals: deals
        .filter((deal) => deal.instrumentId === instrumentId)
        .map(({ initiatorId, responderId, initiatorSide, priceTicks, quantityLots }) => {
          const initiatorBuys = initiatorSide === 0;
          return { initiatorId, responderId, initiatorBuys, price: priceTicks * tick, quantity: quantityLots * lot };
        }),
      auction: auction && { price: auction.priceTicks * tick, volume: auction.volumeLots * lot },
      endings,
    };
  }
}
