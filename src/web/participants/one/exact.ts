/** Decimal strings, added and multiplied without losing anything. */

interface Scaled {
  readonly units: bigint;
  readonly decimals: number;
}

/** With as many decimals as the one that has more. */
export function plus(one: string, other: string): string {
  const [left, right] = [scaledOf(one), scaledOf(other)];
  const decimals = Math.max(left.decimals, right.decimals);
  return textOf({ units: unitsAt(left, decimals) + unitsAt(right, decimals), decimals });
}

/** With as many decimals as both have together. */
export function product(one: string, other: string): string {
  const [left, right] = [scaledOf(one), scaledOf(other)];
  return textOf({ units: left.units * right.units, decimals: left.decimals + right.decimals });
}

export function negated(value: string): string {
  const { units, decimals } = scaledOf(value);
  return textOf({ units: -units, decimals });
}

function scaledOf(text: string): Scaled {
  const [whole = '', fraction = ''] = text.split('.', 2);
  return { units: BigInt(`${whole}${fraction}`), decimals: fraction.length };
}

function unitsAt({ units, decimals }: Scaled, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - decimals);
}

function textOf({ units, decimals }: Scaled): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const at = digits.length - decimals;
  return `${units < 0n ? '-' : ''}${digits.slice(0, at)}${decimals === 0 ? '' : `.${digits.slice(at)}`}`;
}
