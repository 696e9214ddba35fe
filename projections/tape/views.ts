import { formatPrice, formatQuantity, formatUnits, type Instrument } from '../../src/domain/instrument.js';
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
  /** Side of the intention that arrived, and accepted. */
  readonly takerSide: (typeof sideNames)[number];
  /** Of the other side absent where the instrument hides counterparties from who is shown it. */
  readonly buyer?: string;
  readonly seller?: string;
  readonly buyerIntention?: string;
  readonly sellerIntention?: string;
  /** Only among the deals of several shards: the one that decided it. */
  readonly shard?: number;
}

/** Of a deal that everybody is shown. */
export type WholeDealView = DealView &
  Required<Pick<DealView, 'buyer' | 'seller' | 'buyerIntention' | 'sellerIntention'>>;

export function dealView(directory: DirectoryFold, deal: TapeDeal): WholeDealView {
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
    quantity: formatQuantity(instrument, deal.quantityLots),
    takerSide: takerSideOf(deal),
    buyer: buyer.name,
    seller: seller.name,
    buyerIntention: String(buyer.id),
    sellerIntention: String(seller.id),
  };
}

/** A deal without names: what everybody may know of it. */
export interface TradeView {
  /** Of its decision in the log of its shard. */
  readonly position: number;
  readonly at: string;
  readonly price: string;
  readonly quantity: string;
  readonly takerSide: (typeof sideNames)[number];
}

type TapedTrade = Pick<TapeDeal, 'position' | 'atMs' | 'priceTicks' | 'quantityLots' | 'initiatorSide'>;

export function tradeView(instrument: Readonly<Instrument>, deal: TapedTrade): TradeView {
  return {
    position: deal.position,
    at: timeText(deal.atMs),
    price: formatPrice(instrument, deal.priceTicks),
    quantity: formatQuantity(instrument, deal.quantityLots),
    takerSide: takerSideOf(deal),
  };
}

/** The responder's: the intention that arrived. */
function takerSideOf({ initiatorSide }: Pick<TapeDeal, 'initiatorSide'>): (typeof sideNames)[number] {
  return nameOf(sideNames, initiatorSide === Side.Buy ? Side.Sell : Side.Buy);
}

/** A candle as people see it. */
export interface CandleView {
  readonly start: string;
  /** Of its first deal in the order of the log, as `close` is of its last. */
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly deals: number;
}

export function candleView(instrument: Readonly<Instrument>, candle: Candle): CandleView {
  return {
    start: timeText(candle.startMs),
    open: formatPrice(instrument, candle.openTicks),
    high: formatPrice(instrument, candle.highTicks),
    low: formatPrice(instrument, candle.lowTicks),
    close: formatPrice(instrument, candle.closeTicks),
    volume: formatUnits(candle.volumeLots * BigInt(instrument.lotSize), instrument.quantityDecimals),
    deals: candle.deals,
  };
}
