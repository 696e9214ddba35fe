import type { DealConfirmed } from '../../src/domain/journal.generated.js';
import { DealFold } from '../ledger/deal-fold.js';
import { type Candle, CandleTable } from './candles.js';

/** A deal as it goes over the tape. The arriving side, the taker, is the responder's. */
export interface TapeDeal extends Readonly<Omit<DealConfirmed, 'revision'>> {
  /** Of its DealConfirmed. */
  readonly position: number;
  readonly atMs: number;
}

export interface TapeOptions {
  /** How many of the latest deals `deals` can show. */
  readonly dealsKept?: number;
  readonly intervalsMs?: readonly number[];
  /** How many of the latest candles of each interval and instrument. */
  readonly candlesKept?: number;
  /** Receives each deal, in order. The object is used again: copy what is kept. */
  readonly onDeal?: (deal: TapeDeal) => void;
}

type Slot = { -readonly [Field in keyof TapeDeal]: TapeDeal[Field] };

function emptySlot(): Slot {
  const deal = { initiatorId: 0, dealNumber: 0, responderId: 0, instrumentId: 0, priceTicks: 0, quantityLots: 0 };
  const sides = { initiatorSide: 0, initiatorParticipantId: 0, responderParticipantId: 0 };
  return { ...deal, ...sides, position: -1, atMs: 0 };
}

const MINUTE_MS = 60_000;

/**
 * The tape: deals in order, the last price and the candles of each instrument. A deal with another shard goes over the tape of the
 * shard that decides it, and over no other. Its memory is bounded by its options.
 */
export class TapeFold extends DealFold {
  private readonly ring: Slot[] = [];
  private readonly dealsKept: number;
  private readonly candleTable: CandleTable;
  private readonly onDeal: ((deal: TapeDeal) => void) | undefined;
  private readonly lastPrices = new Map<number, number>();

  constructor(options: TapeOptions = {}) {
    super();
    this.dealsKept = Math.max(1, options.dealsKept ?? 1000);
    this.candleTable = new CandleTable(options.intervalsMs ?? [MINUTE_MS], options.candlesKept ?? 500);
    this.onDeal = options.onDeal;
  }

  protected override confirmed(deal: DealConfirmed): void {
    const slot = this.nextSlot();
    slot.position = this.position;
    slot.atMs = this.atMs;
    slot.initiatorId = deal.initiatorId;
    slot.dealNumber = deal.dealNumber;
    slot.responderId = deal.responderId;
    slot.instrumentId = deal.instrumentId;
    slot.initiatorSide = deal.initiatorSide;
    slot.initiatorParticipantId = deal.initiatorParticipantId;
    slot.responderParticipantId = deal.responderParticipantId;
    slot.priceTicks = deal.priceTicks;
    slot.quantityLots = deal.quantityLots;
    this.lastPrices.set(deal.instrumentId, deal.priceTicks);
    this.candleTable.add(deal, this);
    this.onDeal?.(slot);
  }

  /** Price of the instrument's latest deal. */
  lastPriceTicks(instrumentId: number): number | undefined {
    return this.lastPrices.get(instrumentId);
  }

  /** The latest deals that are kept, oldest first; those of one instrument when it is given. */
  *deals(instrumentId?: number): IterableIterator<TapeDeal> {
    const { ring, dealsConfirmed } = this;
    for (let index = dealsConfirmed - ring.length; index < dealsConfirmed; index++) {
      const deal = ring[index % this.dealsKept] as Slot; // the ring holds the last ring.length deals
      if (instrumentId === undefined || deal.instrumentId === instrumentId) yield { ...deal };
    }
  }

  /** The latest `limit` candles of an instrument, oldest first; none for an interval that is not kept. */
  candles(instrumentId: number, intervalMs: number = MINUTE_MS, limit?: number): readonly Candle[] {
    return this.candleTable.candles(instrumentId, intervalMs, limit);
  }

  private nextSlot(): Slot {
    const index = (this.dealsConfirmed - 1) % this.dealsKept;
    const known = this.ring[index];
    if (known !== undefined) return known;
    const created = emptySlot();
    this.ring.push(created);
    return created;
  }
}
