import { isCrossShard } from '../../src/domain/ids.js';
import type { DealConfirmed } from '../../src/domain/journal.generated.js';
import { Side } from '../../src/domain/terms.js';
import { ExactTotal } from './exact-total.js';
import type { Interest } from './interests.js';

/** What one participant bought and sold of one instrument. Turnover is price × quantity, in ticks × lots. */
export class Holding {
  readonly boughtLots = new ExactTotal();
  readonly soldLots = new ExactTotal();
  readonly boughtTurnover = new ExactTotal();
  readonly soldTurnover = new ExactTotal();
}

/** What a participant has bought and sold of an instrument. Exact: sums are bigints. */
export interface Position {
  readonly participantId: number;
  readonly instrumentId: number;
  readonly boughtLots: bigint;
  readonly soldLots: bigint;
  /** Bought minus sold. */
  readonly netLots: bigint;
  /** Received minus paid, in ticks × lots. */
  readonly cashTurnover: bigint;
}

/** The holdings of all participants: each deal once for its buyer and once for its seller. */
export class Holdings {
  private readonly byInstrument = new Map<number, Map<number, Holding>>();

  /** One side of a deal. */
  add({ instrumentId, participantId, side }: Interest, priceTicks: number, quantityLots: number): void {
    const held = this.of(instrumentId, participantId);
    if (side === Side.Buy) {
      held.boughtLots.add(quantityLots);
      held.boughtTurnover.addProduct(priceTicks, quantityLots);
    } else {
      held.soldLots.add(quantityLots);
      held.soldTurnover.addProduct(priceTicks, quantityLots);
    }
  }

  /** The sides of a deal that live in the shard whose log it is decided in: both, unless the responder lives in another. */
  addDeal(deal: DealConfirmed): void {
    const { instrumentId, initiatorSide, initiatorParticipantId, responderParticipantId } = deal;
    const { priceTicks, quantityLots } = deal;
    this.add({ instrumentId, participantId: initiatorParticipantId, side: initiatorSide }, priceTicks, quantityLots);
    if (isCrossShard(deal.initiatorId, deal.responderId)) return;
    const side = initiatorSide === Side.Buy ? Side.Sell : Side.Buy;
    this.add({ instrumentId, participantId: responderParticipantId, side }, priceTicks, quantityLots);
  }

  /** What somebody holds of an instrument, to be added to. */
  of(instrumentId: number, participantId: number): Holding {
    return holding(this.instrument(instrumentId), participantId);
  }

  /** All positions, or one participant's, by participant and instrument. */
  positions(participantId?: number): Position[] {
    const positions: Position[] = [];
    this.forEach((instrumentId, holder, held) => {
      if (participantId !== undefined && holder !== participantId) return;
      const boughtLots = held.boughtLots.value;
      const soldLots = held.soldLots.value;
      positions.push({
        participantId: holder,
        instrumentId,
        boughtLots,
        soldLots,
        netLots: boughtLots - soldLots,
        cashTurnover: held.soldTurnover.value - held.boughtTurnover.value,
      });
    });
    return positions.sort(
      (one, other) => one.participantId - other.participantId || one.instrumentId - other.instrumentId,
    );
  }

  forEach(visitor: (instrumentId: number, participantId: number, holding: Holding) => void): void {
    this.byInstrument.forEach((ofInstrument, instrumentId) => {
      ofInstrument.forEach((held, participantId) => {
        visitor(instrumentId, participantId, held);
      });
    });
  }

  clear(): void {
    this.byInstrument.clear();
  }

  private instrument(instrumentId: number): Map<number, Holding> {
    const known = this.byInstrument.get(instrumentId);
    if (known !== undefined) return known;
    const created = new Map<number, Holding>();
    this.byInstrument.set(instrumentId, created);
    return created;
  }
}

function holding(ofInstrument: Map<number, Holding>, participantId: number): Holding {
  const known = ofInstrument.get(participantId);
  if (known !== undefined) return known;
  const created = new Holding();
  ofInstrument.set(participantId, created);
  return created;
}
