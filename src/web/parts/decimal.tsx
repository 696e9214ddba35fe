import type { JSX } from 'preact';

/**
 * A decimal, aligned at its point with those above and below: `decimals` is the most that any in the column has. Absent: a dash.
 */
export function Decimal({
  value,
  decimals = 0,
  sign = false,
}: {
  readonly value: string | undefined;
  readonly decimals?: number;
  /** Shows a plus too. */
  readonly sign?: boolean;
}): JSX.Element {
  if (value === undefined) return <span class="num faint">–</span>;
  const [whole = '', fraction = ''] = value.split('.', 2);
  const missing = decimals - fraction.length + (fraction === '' && decimals > 0 ? 1 : 0);
  return (
    <span class="num">
      {sign && !whole.startsWith('-') && Number(value) !== 0 ? '+' : ''}
      {grouped(whole)}
      {fraction !== '' && <span class="fraction">.{fraction}</span>}
      {missing > 0 && <span aria-hidden="true">{'\u2007'.repeat(missing)}</span>}
    </span>
  );
}

/** How many decimals a decimal string has. */
export function decimalsOf(value: string | undefined): number {
  return value?.split('.', 2)[1]?.length ?? 0;
}

/** With a minus sign of typographers, and thin spaces between thousands. */
export function grouped(whole: string | number): string {
  return String(whole)
    .replace(/^-/, '−')
    .replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
