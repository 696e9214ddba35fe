import { formatPrice, formatUnits, type Instrument } from '../../src/domain/instrument.js';
import { counterpartiesNames, phaseNames, priceRuleNames, selfTradeNames } from '../../src/domain/terms.js';
import type { DirectoryFold } from './directory.js';

/** An instrument as people see it. */
export interface InstrumentView {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minPrice: string;
  readonly maxPrice: string;
  readonly priceRule: (typeof priceRuleNames)[number];
  readonly selfTrade: (typeof selfTradeNames)[number];
  readonly counterparties: (typeof counterpartiesNames)[number];
  readonly phase: (typeof phaseNames)[number];
}

/** The name with this number. Throws RangeError for a number that the catalogue does not know. */
export function nameOf<const Names extends readonly string[]>(names: Names, index: number): Names[number] {
  const name = names[index];
  if (name === undefined) throw new RangeError(`no choice has the number ${index}`);
  return name;
}

export function instrumentView(instrument: Readonly<Instrument>): InstrumentView {
  return {
    symbol: instrument.symbol,
    tickSize: formatUnits(instrument.tickSize, instrument.priceDecimals),
    lotSize: formatUnits(instrument.lotSize, instrument.quantityDecimals),
    minPrice: formatPrice(instrument, instrument.minPriceTicks),
    maxPrice: formatPrice(instrument, instrument.maxPriceTicks),
    priceRule: nameOf(priceRuleNames, instrument.priceRule),
    selfTrade: nameOf(selfTradeNames, instrument.selfTrade),
    counterparties: nameOf(counterpartiesNames, instrument.counterparties),
    phase: nameOf(phaseNames, instrument.phase),
  };
}

const unlisted: Instrument = {
  instrumentId: 0,
  symbol: '',
  priceDecimals: 0,
  tickSize: 1,
  quantityDecimals: 0,
  lotSize: 1,
  minPriceTicks: 0,
  maxPriceTicks: 0,
  priceRule: 0,
  selfTrade: 0,
  counterparties: 0,
  phase: 0,
};

/** The instrument with this number, so that numbers can be shown; one that was never listed shows as `#<number>` in ticks and lots. */
export function shownInstrument(directory: DirectoryFold, instrumentId: number): Readonly<Instrument> {
  return directory.instrument(instrumentId) ?? { ...unlisted, instrumentId, symbol: `#${instrumentId}` };
}

const LAST_DATE_MS = 8_640_000_000_000_000;

/** A time of the log as RFC 3339, in UTC with milliseconds. */
export function timeText(atMs: number): string {
  return new Date(Math.min(atMs, LAST_DATE_MS)).toISOString();
}
