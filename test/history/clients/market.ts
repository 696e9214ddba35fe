/** The market of a history: its instruments with their steps, and its participants. */
import { textOfSteps } from '../checker/naive/decimals.js';
import type { InstrumentBody } from '../checker/history.js';

type Rules = Pick<InstrumentBody, 'tickSize' | 'lotSize' | 'priceRule' | 'selfTrade'>;

/** Each rule of price and of trading with oneself is there. */
const rulesOf: Readonly<Record<string, Rules>> = {
  AAA: { tickSize: '0.05', lotSize: '1', priceRule: 'standing', selfTrade: 'allow' },
  BBB: { tickSize: '1', lotSize: '0.1', priceRule: 'seller', selfTrade: 'withdrawStanding' },
  CCC: { tickSize: '0.25', lotSize: '10', priceRule: 'midpoint', selfTrade: 'refuseArriving' },
};
const others: Rules = { tickSize: '0.5', lotSize: '5', priceRule: 'standing', selfTrade: 'allow' };

export const symbols = Object.keys(rulesOf);
export const participants = ['ada', 'bob', 'cleo', 'dan', 'eve', 'finn'];

/** Prices lie around so many ticks. */
export const MIDDLE_TICKS = 200;

export function instrumentBody(symbol: string, minTicks: number, maxTicks: number): InstrumentBody {
  const rules = rulesOf[symbol] ?? others;
  const band = { minPrice: textOfSteps(minTicks, rules.tickSize), maxPrice: textOfSteps(maxTicks, rules.tickSize) };
  return { ...rules, ...band };
}

export function priceText(symbol: string, ticks: number): string {
  return textOfSteps(ticks, (rulesOf[symbol] ?? others).tickSize);
}

export function quantityText(symbol: string, lots: number): string {
  return textOfSteps(lots, (rulesOf[symbol] ?? others).lotSize);
}
