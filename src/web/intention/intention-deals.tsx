import type { JSX } from 'preact';
import { Link } from '../app/link.js';
import { Decimal, decimalsOf } from '../parts/decimal.js';
import { PositionLink } from '../parts/position-link.js';
import { Time } from '../parts/time.js';
import type { Deal, Intention } from '../../client/types.js';
import { Wide } from '../parts/wide.js';

/** The deals of one intention, the latest first. */
export function IntentionDeals({
  deals,
  intention,
}: {
  readonly deals: readonly Deal[];
  readonly intention: Intention;
}): JSX.Element {
  const decimals = Math.max(0, ...deals.map(({ quantity }) => decimalsOf(quantity)));
  return (
    <section class="card" aria-label="Deals">
      <h2>Deals</h2>
      {deals.length === 0 ? (
        <p class="card-body faint">None{intention.status === 'open' ? ' yet' : ''}.</p>
      ) : (
        <Wide label="Deals as a table">
          <table>
            <thead>
              <tr>
                <th scope="col">Deal</th>
                <th scope="col" class="end">
                  Quantity
                </th>
                <th scope="col" class="end">
                  Price
                </th>
                <th scope="col">With</th>
                <th scope="col">Time</th>
                <th scope="col" class="end">
                  Position
                </th>
              </tr>
            </thead>
            <tbody>
              {deals.toReversed().map((deal) => (
                <tr key={deal.position}>
                  <td>
                    <Link to={`/deals/${deal.id}`}>{deal.id}</Link>
                  </td>
                  <td class="end">
                    <Decimal value={deal.quantity} decimals={decimals} />
                  </td>
                  <td class="end">
                    <Decimal value={deal.price} />
                  </td>
                  <td>
                    <Counterparty deal={deal} intention={intention} />
                  </td>
                  <td>
                    <Time at={deal.at} />
                  </td>
                  <td class="end">
                    <PositionLink position={deal.position} shard={deal.shard} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function Counterparty({
  deal,
  intention: { side },
}: {
  readonly deal: Deal;
  readonly intention: Intention;
}): JSX.Element {
  const name = side === 'buy' ? deal.seller : deal.buyer;
  const theirs = side === 'buy' ? deal.sellerIntention : deal.buyerIntention;
  if (name === undefined) return <span class="faint">hidden</span>;
  return (
    <>
      <Link to={`/participants/${encodeURIComponent(name)}`} class="name">
        {name}
      </Link>{' '}
      {theirs !== undefined && <Link to={`/intentions/${theirs}`}>{theirs}</Link>}
    </>
  );
}
