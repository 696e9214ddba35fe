import { grouped } from '../parts/decimal.js';

/** A measured number with three figures or so, as it is read at a glance: `0.83`, `12.4`, `1 204`. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 100) return grouped(Math.round(value));
  return value.toFixed(size < 1 ? 2 : 1).replace(/^-/, '−');
}
