const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** From two of which on a stretch is told in it and the next smaller one. */
const UNITS = [
  { ms: 24 * HOUR_MS, name: 'd', smaller: { ms: HOUR_MS, name: 'h' } },
  { ms: HOUR_MS, name: 'h', smaller: { ms: MINUTE_MS, name: 'min' } },
  { ms: MINUTE_MS, name: 'min', smaller: { ms: SECOND_MS, name: 's' } },
];

/** A stretch of time in the units that fit: `850 ms`, `2.4 s`, `29 s`, `4 min 05 s`, `3 h 20 min`, `3 d 04 h`. Less than none is none. */
export function spanText(ms: number): string {
  const span = Math.max(0, ms);
  if (span < SECOND_MS) return `${Math.floor(span)} ms`;
  if (span < 10 * SECOND_MS) return `${Math.floor(span / 100) / 10} s`;
  const unit = UNITS.find((each) => span >= 2 * each.ms);
  if (unit === undefined) return `${Math.floor(span / SECOND_MS)} s`;
  const { name, smaller } = unit;
  const rest = Math.floor((span % unit.ms) / smaller.ms);
  const whole = `${Math.floor(span / unit.ms)} ${name}`;
  return rest === 0 ? whole : `${whole} ${String(rest).padStart(2, '0')} ${smaller.name}`;
}
