/** What is typed, read by an instrument’s steps and band; in words where it will not do. Counted in whole ticks and lots. */
import type { Instrument } from '../../../client/types.js';
import {
  formatPrice,
  formatQuantity,
  type InstrumentTerms,
  parseInstrument,
  parsePrice,
  parseQuantity,
} from '../../../domain/instrument.js';
import { unitsOf } from '../../parts/units.js';

/** A number of ticks or lots as the exchange writes it, or what is wrong with what was typed. */
export type Read = { readonly text: string; readonly steps: number } | { readonly error: string };

/** The terms that the exchange itself counts by; undefined where they are none, as a log that was tampered with may hold. */
export function termsOf({ symbol, tickSize, lotSize, minPrice, maxPrice }: Instrument): InstrumentTerms | undefined {
  const terms = parseInstrument({ symbol, tickSize, lotSize, minPrice, maxPrice });
  return 'code' in terms ? undefined : terms;
}

export function readPrice(terms: InstrumentTerms, typed: string): Read {
  const text = typed.trim();
  if (text === '') return { error: 'Give a price.' };
  const ticks = parsePrice(terms, text);
  if (typeof ticks !== 'number') {
    if (ticks.code === 'PRICE_OFF_TICK') return { error: offStep(text, stepsOfPrice(terms)) };
    if (ticks.code === 'PRICE_OUT_OF_BAND') return { error: 'More than the exchange counts.' };
    return { error: notANumber(text) };
  }
  const { minPriceTicks, maxPriceTicks } = terms;
  if (ticks < minPriceTicks) return { error: `Below the band: at least ${formatPrice(terms, minPriceTicks)}.` };
  if (ticks > maxPriceTicks) return { error: `Above the band: at most ${formatPrice(terms, maxPriceTicks)}.` };
  return { text: formatPrice(terms, ticks), steps: ticks };
}

export function readQuantity(terms: InstrumentTerms, typed: string): Read {
  const text = typed.trim();
  if (text === '') return { error: 'Give a quantity.' };
  const lots = parseQuantity(terms, text);
  if (typeof lots === 'number') return { text: formatQuantity(terms, lots), steps: lots };
  if (lots.code === 'QUANTITY_OFF_LOT') return { error: offStep(text, stepsOfQuantity(terms)) };
  if (lots.code === 'QUANTITY_TOO_LARGE') return { error: 'More than the exchange counts in one intention.' };
  return { error: notANumber(text) };
}

/** A price so many ticks higher or lower, within the band; of what cannot be read, the lowest. */
export function steppedPrice(terms: InstrumentTerms, typed: string, by: number): string {
  const read = parsePrice(terms, typed.trim());
  const ticks = typeof read === 'number' ? read + by : terms.minPriceTicks;
  return formatPrice(terms, Math.min(terms.maxPriceTicks, Math.max(terms.minPriceTicks, ticks)));
}

/** A quantity so many lots more or less, one at least. */
export function steppedQuantity(terms: InstrumentTerms, typed: string, by: number): string {
  const read = parseQuantity(terms, typed.trim());
  return formatQuantity(terms, typeof read === 'number' ? Math.max(1, read + by) : 1);
}

function notANumber(text: string): string {
  if (/^[\d ]*,\d+$/.test(text)) return 'Write decimals with a point.';
  if (/^0*\.?0*$/.test(text)) return 'More than zero.';
  return 'Not a number.';
}

interface Steps {
  readonly name: 'tick' | 'lot';
  readonly size: number;
  readonly decimals: number;
  readonly format: (steps: number) => string;
}

function stepsOfPrice(terms: InstrumentTerms): Steps {
  const { tickSize: size, priceDecimals: decimals } = terms;
  return { name: 'tick', size, decimals, format: (ticks) => formatPrice(terms, ticks) };
}

function stepsOfQuantity(terms: InstrumentTerms): Steps {
  const { lotSize: size, quantityDecimals: decimals } = terms;
  return { name: 'lot', size, decimals, format: (lots) => formatQuantity(terms, lots) };
}

/** Names the neighbours that would do. */
function offStep(text: string, { name, size, decimals, format }: Steps): string {
  const typed = unitsOf(text);
  const below = (typed.units * 10n ** BigInt(decimals)) / (BigInt(size) * 10n ** BigInt(typed.decimals));
  const step = `Not a multiple of the ${name}, ${format(1)}`;
  if (below > BigInt(Number.MAX_SAFE_INTEGER)) return `${step}.`;
  const low = Number(below);
  return low === 0 ? `${step}.` : `${step}: ${format(low)} or ${format(low + 1)} would do.`;
}
