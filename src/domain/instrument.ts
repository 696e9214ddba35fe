import { type Refusal, refuse } from './refusal.js';
import { Counterparties, MAX_LOTS, MAX_TICKS, Phase, PriceRule, SelfTrade } from './terms.js';

/**
 * What is traded, and in which steps. Inside, a price is a number of ticks and a quantity a number of lots; the decimal
 * strings of the edges are made and read here.
 */
export interface InstrumentTerms {
  readonly symbol: string;
  /** Decimals that a price is shown with. */
  readonly priceDecimals: number;
  /** One tick, in units of the last price decimal. */
  readonly tickSize: number;
  readonly quantityDecimals: number;
  /** One lot, in units of the last quantity decimal. */
  readonly lotSize: number;
  /** The band: limits outside it are refused. */
  readonly minPriceTicks: number;
  readonly maxPriceTicks: number;
  /** An index into priceRuleNames, selfTradeNames and counterpartiesNames. */
  readonly priceRule: number;
  readonly selfTrade: number;
  readonly counterparties: number;
}

/** The terms alone, of something that has them among other fields. */
export function termsOf(listed: InstrumentTerms): InstrumentTerms {
  const { symbol, priceDecimals, tickSize, quantityDecimals, lotSize } = listed;
  const { minPriceTicks, maxPriceTicks, priceRule, selfTrade, counterparties } = listed;
  const steps = { priceDecimals, tickSize, quantityDecimals, lotSize };
  return { symbol, ...steps, minPriceTicks, maxPriceTicks, priceRule, selfTrade, counterparties };
}

const DECIMAL = /^(0|[1-9][0-9]{0,15})(?:\.([0-9]{1,12}))?$/;
/** A part of an address that is one or two dots is none (RFC 3986, 5.2.4): what is named so could never be asked for. */
const SYMBOL = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,32}$/;
export const MAX_DECIMALS = 12;

/** Whether prices and quantities can be shown and counted by them. What is listed has such; a log that was tampered with may hold others. */
export function hasSteps({ priceDecimals, tickSize, quantityDecimals, lotSize }: InstrumentTerms): boolean {
  return priceDecimals <= MAX_DECIMALS && quantityDecimals <= MAX_DECIMALS && tickSize > 0 && lotSize > 0;
}

/** A decimal string as an integer count of 10^-decimals. Undefined when it is not a plain decimal or has too many decimals. */
function parseUnits(text: string, decimals: number): bigint | 'finer' | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > decimals) return 'finer';
  return BigInt(`${match[1] ?? ''}${fraction.padEnd(decimals, '0')}`);
}

const DIGIT_ZERO = 48;
const POINT = -2; // '.' less '0'
const SHORT = 15;

/**
 * A plain decimal of up to 15 characters as a count of 10^-decimals, without a regular expression or a bigint; -1 for everything else,
 * which `parseUnits` then judges.
 */
function parseShort(text: string, decimals: number): number {
  const { length } = text;
  if (length === 0 || length > SHORT) return -1;
  let value = 0;
  let fraction = -1;
  for (let index = 0; index < length; index++) {
    const digit = text.charCodeAt(index) - DIGIT_ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (fraction >= 0) fraction++;
    } else if (digit === POINT && fraction < 0 && index > 0) {
      fraction = 0;
    } else {
      return -1;
    }
  }
  const hasLeadingZero = length > 1 && text.charCodeAt(0) === DIGIT_ZERO && text.charCodeAt(1) - DIGIT_ZERO !== POINT;
  if (fraction === 0 || fraction > decimals || hasLeadingZero) return -1;
  for (let shown = Math.max(fraction, 0); shown < decimals; shown++) value *= 10;
  return Number.isSafeInteger(value) ? value : -1;
}

/** In which steps something is counted, and how many at most. */
interface Steps {
  readonly decimals: number;
  readonly size: number;
  readonly most: number;
}

/** A decimal string as a count of steps, or what is wrong with it. */
function countSteps(text: string, { decimals, size, most }: Steps): number | 'none' | 'off' | 'large' {
  const short = parseShort(text, decimals);
  if (short > 0 && short % size === 0 && short / size <= most) return short / size;
  const units = parseUnits(text, decimals);
  if (units === undefined || units === 0n) return 'none';
  const step = BigInt(size);
  if (units === 'finer' || units % step !== 0n) return 'off';
  return units / step > BigInt(most) ? 'large' : Number(units / step);
}

/** Ticks of a limit given as a decimal string, or why it is refused. Does not look at the band. */
export function parsePrice(
  { priceDecimals: decimals, tickSize: size }: InstrumentTerms,
  text: string,
): number | Refusal {
  const ticks = countSteps(text, { decimals, size, most: MAX_TICKS });
  if (typeof ticks === 'number') return ticks;
  if (ticks === 'none') return refuse('INVALID_PRICE', `price ${quote(text)} is not a decimal number above zero`);
  return ticks === 'off'
    ? refuse('PRICE_OFF_TICK', `price ${text} is not a multiple of the tick ${formatUnits(size, decimals)}`)
    : refuse('PRICE_OUT_OF_BAND', `price ${text} is larger than the exchange counts`);
}

/** Lots of a quantity given as a decimal string, or why it is refused. */
export function parseQuantity(
  { quantityDecimals: decimals, lotSize: size }: InstrumentTerms,
  text: string,
): number | Refusal {
  const lots = countSteps(text, { decimals, size, most: MAX_LOTS });
  if (typeof lots === 'number') return lots;
  if (lots === 'none') return refuse('INVALID_QUANTITY', `quantity ${quote(text)} is not a decimal number above zero`);
  return lots === 'off'
    ? refuse('QUANTITY_OFF_LOT', `quantity ${text} is not a multiple of the lot ${formatUnits(size, decimals)}`)
    : refuse('QUANTITY_TOO_LARGE', `quantity ${text} is larger than the exchange counts`);
}

/** What somebody sent, fit to stand in a message: cut, and without control characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** More than any price, quantity or sum has. */
const SHOWN_DECIMALS = 64;

/** An integer count of 10^-decimals as a decimal string with all its decimals; of nonsense, which a log that was tampered with may hold, as `5e-4096`. */
export function formatUnits(units: number | bigint, decimals: number): string {
  if (decimals === 0) return String(units);
  if (decimals > SHOWN_DECIMALS) return `${units}e-${decimals}`;
  const negative = units < 0;
  const digits = String(negative ? -units : units).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

type PriceTerms = Pick<InstrumentTerms, 'priceDecimals' | 'tickSize'>;
type QuantityTerms = Pick<InstrumentTerms, 'quantityDecimals' | 'lotSize'>;

/** A price in ticks as the decimal string that people see. */
export function formatPrice(terms: PriceTerms, ticks: number): string {
  const units = ticks * terms.tickSize;
  return formatUnits(Number.isSafeInteger(units) ? units : BigInt(ticks) * BigInt(terms.tickSize), terms.priceDecimals);
}

/** A quantity in lots (or a sum of them) as the decimal string that people see. */
export function formatQuantity(terms: QuantityTerms, lots: number): string {
  const units = lots * terms.lotSize;
  return formatUnits(
    Number.isSafeInteger(units) ? units : BigInt(lots) * BigInt(terms.lotSize),
    terms.quantityDecimals,
  );
}

/** The terms of an instrument as decimal strings give them. */
export interface InstrumentRequest {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minPrice?: string | undefined;
  readonly maxPrice?: string | undefined;
  readonly priceRule?: keyof typeof priceRules | undefined;
  readonly selfTrade?: keyof typeof selfTrades | undefined;
  readonly counterparties?: keyof typeof counterpartiesRules | undefined;
}

const priceRules = { standing: PriceRule.Standing, seller: PriceRule.Seller, midpoint: PriceRule.Midpoint } as const;
const selfTrades = {
  allow: SelfTrade.Allow,
  refuseArriving: SelfTrade.RefuseArriving,
  withdrawStanding: SelfTrade.WithdrawStanding,
} as const;
const counterpartiesRules = { shown: Counterparties.Shown, hidden: Counterparties.Hidden } as const;

function parseStep(text: string): { size: number; decimals: number } | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const decimals = (match[2] ?? '').replace(/0+$/, '').length;
  const size = parseUnits(text, Math.min(decimals, MAX_DECIMALS));
  if (typeof size !== 'bigint' || size === 0n || size > BigInt(MAX_LOTS)) return undefined;
  return { size: Number(size), decimals };
}

/** Terms from a request, or why they make no sense. Without a band, every price that can be counted is inside it. */
export function parseInstrument(request: InstrumentRequest): InstrumentTerms | Refusal {
  if (!SYMBOL.test(request.symbol)) return refuse('INVALID_SYMBOL');
  const tick = parseStep(request.tickSize);
  const lot = parseStep(request.lotSize);
  if (tick === undefined)
    return refuse('INVALID_INSTRUMENT', `tickSize ${quote(request.tickSize)} is not a decimal number above zero`);
  if (lot === undefined)
    return refuse('INVALID_INSTRUMENT', `lotSize ${quote(request.lotSize)} is not a decimal number above zero`);
  // The caller may not be typed, and every object has a constructor.
  const priceRule: unknown = priceRules[request.priceRule ?? 'standing'];
  if (typeof priceRule !== 'number') return refuse('INVALID_COMMAND', 'priceRule is standing, seller or midpoint');
  const selfTrade: unknown = selfTrades[request.selfTrade ?? 'allow'];
  if (typeof selfTrade !== 'number')
    return refuse('INVALID_COMMAND', 'selfTrade is allow, refuseArriving or withdrawStanding');
  const counterparties: unknown = counterpartiesRules[request.counterparties ?? 'shown'];
  if (typeof counterparties !== 'number') return refuse('INVALID_COMMAND', 'counterparties is shown or hidden');
  const terms: InstrumentTerms = {
    symbol: request.symbol,
    priceDecimals: tick.decimals,
    tickSize: tick.size,
    quantityDecimals: lot.decimals,
    lotSize: lot.size,
    minPriceTicks: 1,
    maxPriceTicks: MAX_TICKS,
    priceRule,
    selfTrade,
    counterparties,
  };
  return withBand(terms, request);
}

function withBand(terms: InstrumentTerms, request: InstrumentRequest): InstrumentTerms | Refusal {
  const min = request.minPrice === undefined ? terms.minPriceTicks : parsePrice(terms, request.minPrice);
  if (typeof min !== 'number') return refuse('INVALID_INSTRUMENT', `minPrice: ${min.detail}`);
  const max = request.maxPrice === undefined ? terms.maxPriceTicks : parsePrice(terms, request.maxPrice);
  if (typeof max !== 'number') return refuse('INVALID_INSTRUMENT', `maxPrice: ${max.detail}`);
  if (min > max) return refuse('INVALID_INSTRUMENT', 'minPrice is above maxPrice');
  return Object.assign(terms, { minPriceTicks: min, maxPriceTicks: max });
}

/** An instrument as it is listed: its terms, its number and its phase. */
export interface Instrument extends InstrumentTerms {
  readonly instrumentId: number;
  phase: number;
}

export const initialPhase: number = Phase.Continuous;
