import { formatUnits, type InstrumentTerms } from '../../src/domain/instrument.js';
import type { Position } from './holdings.js';

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

/** Ticks × lots of cash are units of 10^-(priceDecimals + quantityDecimals) once they are multiplied by both steps. */
export function positionView(terms: InstrumentTerms, participant: string, position: Position): PositionView {
  const quantity = (lots: bigint): string => formatUnits(lots * BigInt(terms.lotSize), terms.quantityDecimals);
  const cash = position.cashTurnover * BigInt(terms.tickSize) * BigInt(terms.lotSize);
  return {
    participant,
    instrument: terms.symbol,
    bought: quantity(position.boughtLots),
    sold: quantity(position.soldLots),
    net: quantity(position.netLots),
    cash: formatUnits(cash, terms.priceDecimals + terms.quantityDecimals),
  };
}
