/** What came of a post or a change, in words. */
import type { ClosedReason, IntentionAcknowledged, IntentionChanged } from '../../../client/types.js';

const reasons: Readonly<Record<ClosedReason, string>> = {
  requested: 'it was asked for',
  immediateOrCancel: 'it was for at once only',
  fillOrKill: 'it could not be filled whole at once',
  marketRemainder: 'nobody was left to deal with',
  selfTrade: 'it met an intention of the same participant',
  parked: 'its negotiator failed and was parked',
  switchLapsed: 'the dead man’s switch lapsed',
  halted: 'an operator halted the participant',
  disconnected: 'its connection ended',
};

/** Why what was left of an intention was withdrawn; a newer server may have other reasons. */
export function reasonText(reason: ClosedReason | undefined): string {
  return reason === undefined ? '' : ((reasons as Readonly<Record<string, string>>)[reason] ?? reason);
}

export interface Outcome {
  readonly kind: 'filled' | 'open' | 'closed';
  readonly text: string;
}

/** `Bought 40 at 10.23.`, `Open: 60 to buy at 10.20; 40 bought at 10.19.` */
export function outcomeOf(answer: IntentionAcknowledged): Outcome {
  const { status, side, filled, open, price, averagePrice, closedReason, quantity } = answer;
  const dealt = averagePrice === undefined ? '' : `${filled} ${side === 'buy' ? 'bought' : 'sold'} at ${averagePrice}`;
  if (status === 'filled') return { kind: 'filled', text: `${capital(dealt)}.` };
  if (status === 'open') {
    const rest = `Open: ${open} to ${side} ${price === undefined ? 'at the market' : `at ${price}`}`;
    return { kind: 'open', text: dealt === '' ? `${rest}.` : `${rest}; ${dealt}.` };
  }
  const why = `${capital(status)}: ${reasonText(closedReason) || 'its time was over'}`;
  return { kind: 'closed', text: dealt === '' ? `${why}. Nothing was dealt.` : `${why}; ${dealt} of ${quantity}.` };
}

/** Of a withdrawal, reduction or replacement. */
export function changeText({ id, status, open, filled }: IntentionChanged): string {
  if (status === 'open') return `Intention ${id}: ${open} open.`;
  if (status === 'filled') return `Intention ${id} is filled: ${filled} dealt.`;
  return `Intention ${id} is ${status}${Number(filled) > 0 ? `; ${filled} had dealt` : ''}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
