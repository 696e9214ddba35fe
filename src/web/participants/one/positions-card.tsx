import type { JSX } from 'preact';
import type { Limits, Position } from '../../../client/types.js';
import { Link } from '../../app/link.js';
import { netLimitIn } from '../limits/limits-form.js';
import { decimalsIn, type PositionDecimals, PositionCells } from './position-cells.js';
import { Wide } from '../../parts/wide.js';

/** What was bought and sold of each instrument, and what is left of it. */
export function PositionsCard({
  positions,
  limits = [],
}: {
  readonly positions: readonly Position[];
  readonly limits: readonly Limits[] | undefined;
}): JSX.Element {
  const decimals = decimalsIn(positions);
  return (
    <section class="card positions-card" aria-label="Positions">
      <h2>Positions</h2>
      {positions.length === 0 ? (
        <p class="card-body faint">No deal has given it a position.</p>
      ) : (
        <Wide label="Positions as a table">
          <table class="positions">
            <thead>
              <tr>
                <th>instrument</th>
                <th class="end">net</th>
                <th class="net-bar-column" aria-hidden="true" />
                <th class="end wider">bought</th>
                <th class="end wider">sold</th>
                <th class="end">cash</th>
              </tr>
            </thead>
            <tbody>
              {positions.map((position) => (
                <Row
                  key={position.instrument}
                  position={position}
                  decimals={decimals}
                  limit={netLimitIn(limits, position.instrument)}
                />
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function Row({
  position,
  decimals,
  limit,
}: {
  readonly position: Position;
  readonly decimals: PositionDecimals;
  readonly limit: string | undefined;
}): JSX.Element {
  const { instrument } = position;
  return (
    <tr>
      <td>
        <Link class="name" to={`/market/${encodeURIComponent(instrument)}`}>
          {instrument}
        </Link>
      </td>
      <PositionCells position={position} limit={limit} decimals={decimals} />
    </tr>
  );
}
