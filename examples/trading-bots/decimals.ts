/** Sums of decimal strings, exact: floating point would lose the last digit sooner or later. */
const DECIMALS = 24;

/** In units of 10^-24, enough for a price times a quantity, which have twelve decimals at most. */
export function unitsOf(text: string): bigint {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(DECIMALS, '0')}`);
}

export function product(one: string, other: string): bigint {
  return (unitsOf(one) * unitsOf(other)) / 10n ** BigInt(DECIMALS);
}

export function textOf(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMALS)}${fraction === '' ? '' : `.${fraction}`}`;
}
