import type { JSX } from 'preact';
import type { Position } from '../../../client/types.js';
import { Decimal } from '../../parts/decimal.js';
import { NetBar } from './net-bar.js';

/** The most decimals that figures of a table have. */
export interface PositionDecimals {
  readonly quantity: number;
  readonly cash: number;
}

/** What a position comes to, as the cells of a row. `isTight`: what was bought and sold is left out on a small screen. */
export function PositionCells({
  position,
  limit,
  decimals,
  isTight = false,
}: {
  readonly position: Position;
  /** How far it may go either way. */
  readonly limit: string | undefined;
  readonly decimals: PositionDecimals;
  readonly isTight?: boolean;
}): JSX.Element {
  const { net, bought, sold, cash } = position;
  const dealt = isTight ? 'end wider' : 'end';
  return (
    <>
      <td class="end net">
        <Decimal value={net} decimals={decimals.quantity} sign />
      </td>
      <td class="net-bar-column">
        <NetBar position={position} limit={limit} />
      </td>
      <td class={dealt}>
        <Decimal value={bought} decimals={decimals.quantity} />
      </td>
      <td class={dealt}>
        <Decimal value={sold} decimals={decimals.quantity} />
      </td>
      <td class="end">
        <Decimal value={cash} decimals={decimals.cash} sign />
      </td>
    </>
  );
}
