import { formatPrice, formatUnits, type Instrument } from '../../src/domain/instrument.js';
import { Side, sideNames } from '../../src/domain/terms.js';
import type { DirectoryFold } from '../directory/directory.js';
import { nameOf, shownInstrument, timeText } from '../directory/views.js';
import { dealName } from '../ledger/deal-name.js';
import type { Candle } from './candles.js';
import type { TapeDeal } from './tape.js';

/** A deal as people see it. */
export interface DealView {
  readonly id: string;
  readonly outcome: 'confirmed';
  /** Of its decision in the log. */
  readonly position: number;
  /** When: the time of the latest event before it that has one. */
  readonly at: string;
  readonly instrument: string;
  readonly price: string;
  readonly quantity: string;
  readonly buyer: string;
  readonly seller: string;
  readonly buyerIntention: string;
  readonly sellerIntention: string;
  /** Side of the intention that arrived, and accepted. */
  readonly takerSide: (typeof sideNames)[number];
}

export function dealView(directory: DirectoryFold, deal: TapeDeal): DealView {
  const instrument = shownInstrument(directory, deal.instrumentId);
  const initiator = { name: directory.participantName(deal.initiatorParticipantId), id: deal.initiatorId };
  const responder = { name: directory.participantName(deal.responderParticipantId), id: deal.responderId };
  const buysAsInitiator = deal.initiatorSide === Side.Buy;
  const [buyer, seller] = buysAsInitiator ? [initiator, responder] : [responder, initiator];
  return {
    id: dealName(deal),
    outcome: 'confirmed',
    position: deal.position,
    at: timeText(deal.atMs),
    instrument: instrument.symbol,
    price: formatPrice(instrument, deal.priceTicks),
    quantity: formatUnits(BigInt(deal.quantityLots) * BigInt(instrument.lotSize), instrument.quantityDecimals),
    buyer: buyer.name,
    seller: seller.name,
    buyerIntention: String(buyer.id),
    sellerIntention: String(seller.id),
    takerSide: nameOf(sideNames, buysAsInitiator ? Side.Sell : Side.Buy),
  };
}

/** A candle as people see it. */
export interface CandleView {
  readonly instrument: string;
  readonly start: string;
  readonly intervalMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly deals: number;
}

export function candleView(instrument: Readonly<Instrument>, intervalMs: number, candle: Candle): CandleView {
  return {
    instrument: instrument.symbol,
    start: timeText(candle.startMs),
    intervalMs,
    open: formatPrice(instrument, candle.openTicks),
    high: formatPrice(instrument, candle.highTicks),
    low: formatPrice(instrument, candle.lowTicks),
    close: formatPrice(instrument, candle.closeTicks),
    volume: formatUnits(candle.volumeLots * BigInt(instrument.lotSize), instrument.quantityDecimals),
    deals: candle.deals,
  };
}
