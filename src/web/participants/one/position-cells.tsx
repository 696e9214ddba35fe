import type { JSX } from 'preact';
import type { Position } from '../../../client/types.js';
import { Decimal, decimalsOf } from '../../parts/decimal.js';
import { NetBar } from './net-bar.js';

/** The most decimals that figures of a table have. */
export interface PositionDecimals {
  readonly quantity: number;
  readonly cash: number;
}

export function decimalsIn(positions: readonly Position[]): PositionDecimals {
  const most = (field: 'net' | 'bought' | 'sold' | 'cash'): number =>
    Math.max(0, ...positions.map((position) => decimalsOf(position[field])));
  return { quantity: Math.max(most('net'), most('bought'), most('sold')), cash: most('cash') };
}

/** What a position comes to, as the cells of a row. */
export function PositionCells({
  position,
  limit,
  decimals,
}: {
  readonly position: Position;
  /** How far it may go either way. */
  readonly limit: string | undefined;
  readonly decimals: PositionDecimals;
}): JSX.Element {
  const { net, bought, sold, cash } = position;
  return (
    <>
      <td class="end net">
        <Decimal value={net} decimals={decimals.quantity} sign />
      </td>
      <td class="net-bar-column">
        <NetBar position={position} limit={limit} />
      </td>
      <td class="end wider">
        <Decimal value={bought} decimals={decimals.quantity} />
      </td>
      <td class="end wider">
        <Decimal value={sold} decimals={decimals.quantity} />
      </td>
      <td class="end">
        <Decimal value={cash} decimals={decimals.cash} sign />
      </td>
    </>
  );
}
