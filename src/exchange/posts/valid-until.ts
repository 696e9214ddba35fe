import { type Refusal, refuse } from '../../domain/refusal.js';
import { parseTime } from './parse-post.js';

/** Why a command is not looked at: its `validUntil` is no time. What was done before is answered as before only to who asks in due form. */
export function refuseNoTime(validUntil: string | undefined): Refusal | undefined {
  if (validUntil === undefined || untilMsOf(validUntil) !== undefined) return undefined;
  return refuse('INVALID_COMMAND', 'validUntil is a date and time (RFC 3339) after 1970');
}

/** Why a command is not carried out at this time: its `validUntil` has passed, or is no time. */
export function refuseLate(validUntil: string | undefined, atMs: number): Refusal | undefined {
  if (validUntil === undefined) return undefined;
  const untilMs = untilMsOf(validUntil);
  if (untilMs === undefined) return refuseNoTime(validUntil);
  return atMs > untilMs ? refuse('TOO_LATE', `it was valid until ${validUntil}; nothing was done`) : undefined;
}

function untilMsOf(validUntil: string): number | undefined {
  return typeof validUntil === 'string' ? parseTime(validUntil) : undefined; // the caller may not be typed
}
