import type { JSX } from 'preact';
import { Link } from '../app/link.js';
import { grouped } from '../parts/decimal.js';
import { LogLink } from '../parts/log-link.js';
import { Wide } from '../parts/wide.js';
import type { SettledLately } from './settled.js';

/** Deals that a deadline or a start settled, latest first. */
export function SettledList({ lately: { settled, from } }: { readonly lately: SettledLately }): JSX.Element {
  const where = from === 0 ? 'the whole log' : `what follows position ${grouped(from)}, and the last three starts`;
  if (settled.length === 0) {
    return (
      <p class="faint">
        None: in {where} no deadline passed, and no start found a deal undecided. Deals that were simply declined are in
        the <Link to="/log?only=DealAborted">log</Link>.
      </p>
    );
  }
  return (
    <>
      <div class="card">
        <Wide label="Settled deals as a table">
          <table>
            <thead>
              <tr>
                <th>Deal</th>
                <th>Outcome</th>
                <th>How it was settled</th>
                <th class="end">Position</th>
              </tr>
            </thead>
            <tbody>
              {settled.map(({ deal, outcome, how, position }) => (
                <tr key={position}>
                  <td>
                    <Link to={`/deals/${deal}`} class="num">
                      {deal}
                    </Link>
                  </td>
                  <td>
                    <span class={`tag ${outcome === 'confirmed' ? 'good' : ''}`}>{outcome}</span>
                  </td>
                  <td>{how}</td>
                  <td class="end">
                    <LogLink position={position} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      </div>
      <p class="faint doubt-where">Looked for in {where}.</p>
    </>
  );
}
