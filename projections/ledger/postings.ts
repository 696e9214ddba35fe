import { formatUnits, type InstrumentTerms } from '../../src/domain/instrument.js';
import { Side } from '../../src/domain/terms.js';
import type { Position } from './ledger.js';

/** A deal as far as the books are concerned. */
export interface BookableDeal {
  readonly initiatorSide: number;
  readonly initiatorParticipantId: number;
  readonly responderParticipantId: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
}

/** One line of the books: so much of the instrument, or of cash, to a participant (negative: from). */
export interface Posting {
  readonly participantId: number;
  readonly account: 'instrument' | 'cash';
  /** In units of the last quantity decimal; for cash, of the last price decimal times the last quantity decimal. */
  readonly amount: bigint;
}

type Steps = Pick<InstrumentTerms, 'priceDecimals' | 'tickSize' | 'quantityDecimals' | 'lotSize'>;

/** Ticks × lots as an amount of cash, in units of 10^-(priceDecimals + quantityDecimals). */
export function cashUnits(steps: Steps, turnover: bigint): bigint {
  return turnover * BigInt(steps.tickSize) * BigInt(steps.lotSize);
}

/** The double entry of a deal: what the buyer gets the seller gives, and the other way round. Sums to zero in each account. */
export function postingsOf(deal: BookableDeal, steps: Steps): readonly Posting[] {
  const buysAsInitiator = deal.initiatorSide === Side.Buy;
  const buyer = buysAsInitiator ? deal.initiatorParticipantId : deal.responderParticipantId;
  const seller = buysAsInitiator ? deal.responderParticipantId : deal.initiatorParticipantId;
  const quantity = BigInt(deal.quantityLots) * BigInt(steps.lotSize);
  const cash = cashUnits(steps, BigInt(deal.priceTicks) * BigInt(deal.quantityLots));
  return [
    { participantId: buyer, account: 'instrument', amount: quantity },
    { participantId: seller, account: 'instrument', amount: -quantity },
    { participantId: buyer, account: 'cash', amount: -cash },
    { participantId: seller, account: 'cash', amount: cash },
  ];
}

/** A position as people see it: decimal strings. */
export interface PositionView {
  readonly participant: string;
  readonly instrument: string;
  readonly bought: string;
  readonly sold: string;
  readonly net: string;
  /** Received minus paid. */
  readonly cash: string;
}

export function positionView(terms: InstrumentTerms, participant: string, position: Position): PositionView {
  const quantity = (lots: bigint): string => formatUnits(lots * BigInt(terms.lotSize), terms.quantityDecimals);
  return {
    participant,
    instrument: terms.symbol,
    bought: quantity(position.boughtLots),
    sold: quantity(position.soldLots),
    net: quantity(position.netLots),
    cash: formatUnits(cashUnits(terms, position.cashTurnover), terms.priceDecimals + terms.quantityDecimals),
  };
}
