/** Exact sums with the decimal strings of the exchange: no price goes through a floating-point number on its way to being shown. */
import { type Units, unitsOf, unitsText } from './units.js';

/** Below 0, 0 or above 0, as the first is less than, equal to or greater than the other. */
export function compareDecimals(one: string, other: string): number {
  const difference = Number(one) - Number(other);
  // Rounding to a double keeps the order, but for what becomes the same double.
  return difference === 0 ? sign(subtracted(one, other).units) : difference;
}

export function minus(one: string, other: string): string {
  return unitsText(subtracted(one, other));
}

/** With as many decimals as the one that has more. */
export function plus(one: string, other: string): string {
  const [first, second, decimals] = aligned(one, other);
  return unitsText({ units: first + second, decimals });
}

/** With as many decimals as both have together. */
export function times(one: string, other: string): string {
  const first = unitsOf(one);
  const second = unitsOf(other);
  return unitsText({ units: first.units * second.units, decimals: first.decimals + second.decimals });
}

export function negated(value: string): string {
  const { units, decimals } = unitsOf(value);
  return unitsText({ units: -units, decimals });
}

function subtracted(one: string, other: string): Units {
  const [first, second, decimals] = aligned(one, other);
  return { units: first - second, decimals };
}

function aligned(one: string, other: string): readonly [bigint, bigint, number] {
  const first = unitsOf(one);
  const second = unitsOf(other);
  const decimals = Math.max(first.decimals, second.decimals);
  return [scaled(first, decimals), scaled(second, decimals), decimals];
}

function scaled({ units, decimals }: Units, to: number): bigint {
  return units * 10n ** BigInt(to - decimals);
}

function sign(value: bigint): number {
  return value < 0n ? -1 : Number(value > 0n);
}
