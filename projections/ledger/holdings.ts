import { isCrossShard } from '../../src/domain/ids.js';
import { Side } from '../../src/domain/terms.js';
import { ExactTotal } from './exact-total.js';

/** What one participant bought and sold of one instrument. Turnover is price × quantity, in ticks × lots. */
export class Holding {
  readonly boughtLots = new ExactTotal();
  readonly soldLots = new ExactTotal();
  readonly boughtTurnover = new ExactTotal();
  readonly soldTurnover = new ExactTotal();
}

/** The holdings of all participants: each deal once for its buyer and once for its seller. */
export class Holdings {
  private readonly byInstrument = new Map<number, Map<number, Holding>>();

  /** One side of a deal. */
  add(instrumentId: number, participantId: number, side: number, priceTicks: number, quantityLots: number): void {
    const held = holding(this.instrument(instrumentId), participantId);
    if (side === Side.Buy) {
      held.boughtLots.add(quantityLots);
      held.boughtTurnover.addProduct(priceTicks, quantityLots);
    } else {
      held.soldLots.add(quantityLots);
      held.soldTurnover.addProduct(priceTicks, quantityLots);
    }
  }

  /** The sides of a deal that live in the shard whose log it is decided in: both, unless the responder lives elsewhere. */
  addDeal(
    initiatorId: number,
    responderId: number,
    instrumentId: number,
    initiatorSide: number,
    initiatorParticipantId: number,
    responderParticipantId: number,
    priceTicks: number,
    quantityLots: number,
  ): void {
    this.add(instrumentId, initiatorParticipantId, initiatorSide, priceTicks, quantityLots);
    if (isCrossShard(initiatorId, responderId)) return;
    const responderSide = initiatorSide === Side.Buy ? Side.Sell : Side.Buy;
    this.add(instrumentId, responderParticipantId, responderSide, priceTicks, quantityLots);
  }

  get(instrumentId: number, participantId: number): Holding | undefined {
    return this.byInstrument.get(instrumentId)?.get(participantId);
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
