import type { JSX } from 'preact';
import { Decimal } from '../parts/decimal.js';

/** Up, down or neither: by arrow and sign, and only then by colour. */
export function Signed({
  value,
  decimals,
  unit = '',
}: {
  readonly value: string | undefined;
  readonly decimals?: number;
  readonly unit?: string;
}): JSX.Element {
  const direction = directionOf(value);
  return (
    <span class={`signed ${direction}`}>
      {direction !== 'flat' && <Arrow direction={direction} />}
      <Decimal value={value} sign {...(decimals === undefined ? {} : { decimals })} />
      {value === undefined ? '' : unit}
    </span>
  );
}

export type Direction = 'up' | 'down' | 'flat';

export function directionOf(value: string | undefined): Direction {
  if (value === undefined || /^-?[0.]*$/.test(value)) return 'flat';
  return value.startsWith('-') ? 'down' : 'up';
}

export function Arrow({ direction }: { readonly direction: Direction }): JSX.Element {
  return (
    <span class="direction" aria-hidden="true">
      {direction === 'up' ? '▲' : '▼'}
    </span>
  );
}

const SHOWN_MS = 2_000;

/** By how much a price has just moved; it fades by itself. Those who cannot see it hear the price. */
export function Moved({ by, atMs }: { readonly by: string; readonly atMs: number }): JSX.Element | null {
  if (Date.now() - atMs > SHOWN_MS) return null;
  return (
    <span key={atMs} class="moved" aria-hidden="true">
      <Signed value={by} />
    </span>
  );
}
