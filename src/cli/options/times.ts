import { InvalidArgumentError } from 'commander';

/** What help texts and refusals say of times. */
export const TIME_FORMS = '2030-01-31T12:00:00Z, 10:30 (today, UTC) or 15m (ago; also s, h, d)';

const DAY_MS = 86_400_000;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS };
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;
const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?$/;

/**
 * Milliseconds since 1970 of a time as people type it: ISO 8601, in UTC unless it says otherwise, a date alone being its beginning; a time
 * of the present day, in UTC; or how long ago it was. Undefined for anything else.
 */
export function timeIn(text: string, nowMs: number): number | undefined {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Math.max(0, nowMs - Number(count) * (unitMs[unit] ?? 0));
  if (TIME_OF_DAY.test(text)) return Date.parse(`${dayOf(nowMs)}T${text}Z`);
  const [, day = '', time = '00:00', zone = 'Z'] = DATE_TIME.exec(text) ?? [];
  const midnight = Date.parse(day);
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(midnight) || dayOf(midnight) !== day) return undefined;
  return Math.max(0, Date.parse(`${day}T${time}${zone}`));
}

/** The value of an option that takes a time and nothing else. */
export function parseTime(text: string): number {
  const atMs = timeIn(text, Date.now());
  if (atMs === undefined) throw new InvalidArgumentError(`a time is ${TIME_FORMS}`);
  return atMs;
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
