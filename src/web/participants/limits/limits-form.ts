/** What an operator fills in to limit a participant, and what of it will do. */
import type { Limits, LimitTerms } from '../../../client/types.js';

/** As it is typed. */
export interface LimitTexts {
  readonly openQuantity: string;
  readonly netPosition: string;
  readonly intentionsPerSecond: string;
}

export type LimitField = keyof LimitTexts;

export type CheckedLimits =
  | { readonly ok: true; readonly terms: Omit<LimitTerms, 'instrument' | 'halted'> }
  | { readonly ok: false; readonly errors: Readonly<Partial<Record<LimitField, string>>> };

/** As the exchange takes them: zero means that none may be. */
const QUANTITY = /^(0|[1-9]\d{0,15})(\.\d{1,12})?$/;
const MOST_PER_SECOND = 1_000_000_000;

/** What is left empty is not limited. */
export function checkLimits(texts: LimitTexts): CheckedLimits {
  const openQuantity = texts.openQuantity.trim();
  const netPosition = texts.netPosition.trim();
  const perSecond = texts.intentionsPerSecond.trim();
  const errors = {
    ...(!isQuantity(openQuantity) && { openQuantity: WRONG_QUANTITY }),
    ...(!isQuantity(netPosition) && { netPosition: WRONG_QUANTITY }),
    ...(!isPerSecond(perSecond) && { intentionsPerSecond: WRONG_RATE }),
  };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return {
    ok: true,
    terms: {
      ...(openQuantity !== '' && { openQuantity }),
      ...(netPosition !== '' && { netPosition }),
      ...(perSecond !== '' && { intentionsPerSecond: Number(perSecond) }),
    },
  };
}

const WRONG_QUANTITY = 'A decimal such as 500 or 0.25, without signs and separators; empty: not limited.';
const WRONG_RATE = 'A whole number from 1 to 1,000,000,000; empty: not limited.';

function isQuantity(text: string): boolean {
  return text === '' || QUANTITY.test(text);
}

function isPerSecond(text: string): boolean {
  return text === '' || (/^[1-9]\d{0,9}$/.test(text) && Number(text) <= MOST_PER_SECOND);
}

/** As a form shows limits that are set. */
export function textsOf(limits: Limits | undefined): LimitTexts {
  const { openQuantity = '', netPosition = '', intentionsPerSecond } = limits ?? {};
  return { openQuantity, netPosition, intentionsPerSecond: intentionsPerSecond?.toString() ?? '' };
}

/** Those of an instrument, or of each on its own where it is undefined. */
export function limitsIn(limits: readonly Limits[], instrument: string | undefined): Limits | undefined {
  return limits.find((each) => each.instrument === instrument);
}

/** What is set already, but halted or not: limits are set as a whole, so the rest is said again. */
export function haltedTerms(limits: readonly Limits[], halted: boolean): LimitTerms {
  const { openQuantity, netPosition, intentionsPerSecond } = limitsIn(limits, undefined) ?? {};
  return { openQuantity, netPosition, intentionsPerSecond, halted };
}

/** Whether nothing may be posted anywhere. */
export function isHalted(limits: readonly Limits[]): boolean {
  return limitsIn(limits, undefined)?.halted === true;
}

/** How far a position may go: what is set for its instrument and for each both hold, so the tighter one counts. */
export function netLimitIn(limits: readonly Limits[], instrument: string): string | undefined {
  const set = [limitsIn(limits, instrument)?.netPosition, limitsIn(limits, undefined)?.netPosition];
  return set
    .filter((each) => each !== undefined)
    .sort((one, other) => Number(one) - Number(other))
    .at(0);
}
