/** Decimal strings as whole numbers of a step, and back. */

/** How many digits a decimal string has after the point. */
export function decimalsOf(text: string): number {
  const [, fraction = ''] = text.split('.');
  return fraction.replace(/0+$/, '').length;
}

/** A decimal string in units of 10^-decimals. */
export function unitsOf(text: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
}

/** How many steps a decimal string is; it must be a whole number of them. */
export function stepsOf(text: string, step: string): number {
  const decimals = decimalsOf(step);
  return Number(unitsOf(text, decimals) / unitsOf(step, decimals));
}

/** So many steps as a decimal string, with all decimals of the step. */
export function textOfSteps(steps: number | bigint, step: string): string {
  const decimals = decimalsOf(step);
  return textOfUnits(BigInt(steps) * unitsOf(step, decimals), decimals);
}

/** Units of 10^-decimals as a decimal string. */
export function textOfUnits(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
