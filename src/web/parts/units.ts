import { formatUnits } from '../../domain/instrument.js';

/** An exact decimal: so many units of 10^−decimals. */
export interface Units {
  readonly units: bigint;
  readonly decimals: number;
}

/** A decimal string as the exchange writes it, `10.25` or, with very many decimals, `1025e-40`. Anything else is zero. */
export function unitsOf(text: string): Units {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e-(\d+))?$/.exec(text) ?? [];
  return { units: BigInt(`${sign}${whole}${fraction}`), decimals: fraction.length + Number(exponent) };
}

/** As the exchange would write it. */
export function unitsText({ units, decimals }: Units): string {
  return formatUnits(units, decimals);
}

/** What part of a whole it is, from 0 to 1. */
export function shareOf(part: bigint, whole: bigint): number {
  return whole > 0n ? Number((part * 10_000n) / whole) / 10_000 : 0;
}
