import { grouped } from '../parts/decimal.js';

/** A measured number with three figures or so, as it is read at a glance: `0.83`, `12.4`, `1 204`. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 100) return grouped(Math.round(value));
  return value.toFixed(size < 1 ? 2 : 1).replace(/^-/, '−');
}

/** How long ago, in the unit that fits. */
export function agoText(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 1) return 'now';
  if (seconds < 120) return `${Math.floor(seconds)} s ago`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h ago` : `${Math.floor(seconds / 86_400)} days ago`;
}
