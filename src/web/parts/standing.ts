import type { ChartRowJson } from '../../../projections/handshake/chart-json.js';
import { shareOf, unitsOf, unitsText } from './units.js';

/** What an intention has open, reserved and filled at a moment, in units of its instrument's least decimal. */
export interface Standing {
  readonly open: bigint;
  readonly reserved: bigint;
  readonly filled: bigint;
  /** What was left, and became free, once it was withdrawn or expired. */
  readonly left: bigint;
  readonly isClosed: boolean;
}

const nothing: Standing = { open: 0n, reserved: 0n, filled: 0n, left: 0n, isClosed: false };

/** How an intention stands after a row about it, as the row’s quantities say. */
export function standingAfter(before: Standing | undefined, row: ChartRowJson): Standing {
  const standing = before ?? nothing;
  const { open, reserved } = standing;
  const quantity = unitsOf(row.quantity ?? '0').units;
  switch (row.type) {
    case 'IntentionPosted':
    case 'IntentionAmended':
      return { ...standing, open: atLeastZero(quantity - reserved) };
    case 'ProposalMade':
    case 'ProposalAccepted':
      return { ...standing, open: atLeastZero(open - quantity), reserved: reserved + quantity };
    case 'DealSettled':
      return settled(standing, quantity, unitsOf(row.freed ?? '0').units);
    case 'IntentionReduced':
      return { ...standing, open: atLeastZero(open - quantity) };
    case 'IntentionWithdrawn':
    case 'IntentionExpired':
      return { ...standing, open: 0n, left: open, isClosed: true };
    default:
      return standing;
  }
}

/** What is freed is open again, unless the intention has closed meanwhile. */
function settled(standing: Standing, quantity: bigint, freed: bigint): Standing {
  const { open, left, isClosed } = standing;
  const moved = { reserved: atLeastZero(standing.reserved - quantity - freed), filled: standing.filled + quantity };
  return { ...standing, ...moved, ...(isClosed ? { left: left + freed } : { open: open + freed }) };
}

function atLeastZero(units: bigint): bigint {
  return units < 0n ? 0n : units;
}

export function totalOf({ open, reserved, filled, left }: Standing): bigint {
  return open + reserved + filled + left;
}

export function isSame(one: Standing, other: Standing): boolean {
  return one.open === other.open && one.reserved === other.reserved && one.filled === other.filled;
}

export const PARTS = ['filled', 'reserved', 'open'] as const;

/** A part of a bar: its quantity as a decimal string, and its share of the bar’s length, from 0 to 1. */
export interface BarPart {
  readonly part: (typeof PARTS)[number];
  readonly quantity: string;
  readonly share: number;
}

/** The parts of a bar, from its beginning; `whole` is what its full length stands for. */
export function barOf(standing: Standing, whole: bigint, decimals: number): readonly BarPart[] {
  return PARTS.map((part) => ({
    part,
    quantity: unitsText({ units: standing[part], decimals }),
    share: shareOf(standing[part], whole),
  }));
}

/** `60 filled · 40 open`: what is not nothing; `nothing open` when all is. Lines break between parts only. */
export function barText(parts: readonly BarPart[]): string {
  const told = parts.filter(({ quantity }) => unitsOf(quantity).units > 0n);
  return told.length === 0 ? 'nothing open' : told.map(({ part, quantity }) => `${quantity}\u00a0${part}`).join(' · ');
}

/** With how many decimals the quantities of rows are written. */
export function decimalsIn(rows: readonly ChartRowJson[]): number {
  return rows.reduce((most, { quantity }) => Math.max(most, unitsOf(quantity ?? '0').decimals), 0);
}
