import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Link } from '../../app/link.js';
import { Decimal, decimalsOf } from '../../parts/decimal.js';
import { SideTag } from '../../parts/side.js';
import { Time } from '../../parts/time.js';
import type { OwnDeal } from './affairs.js';
import { Wide } from '../../parts/wide.js';

const FIRST = 15;

/** The last deals, the latest first. */
export function DealsCard({ deals }: { readonly deals: readonly OwnDeal[] }): JSX.Element {
  const isAll = useSignal(false);
  const shown = isAll.value ? deals : deals.slice(0, FIRST);
  const decimals = {
    price: Math.max(0, ...shown.map(({ price }) => decimalsOf(price))),
    quantity: Math.max(0, ...shown.map(({ quantity }) => decimalsOf(quantity))),
  };
  return (
    <section class="card" aria-label="Last deals">
      <h2>Last deals</h2>
      {deals.length === 0 ? (
        <p class="card-body faint">It has not dealt.</p>
      ) : (
        <Wide label="Last deals as a table">
          <table class="own-deals">
            <thead>
              <tr>
                <th>deal</th>
                <th>instrument</th>
                <th>side</th>
                <th class="end">price</th>
                <th class="end">quantity</th>
                <th class="wider">with</th>
                <th class="wider end">time</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((deal) => (
                <Row key={deal.id} deal={deal} decimals={decimals} />
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {deals.length > FIRST && (
        <button type="button" class="quiet card-more" onClick={() => (isAll.value = !isAll.value)}>
          {isAll.value ? 'Show fewer' : `Show ${deals.length - FIRST} more`}
        </button>
      )}
    </section>
  );
}

function Row({
  deal: { id, at, instrument, sides, price, quantity, counterparty },
  decimals,
}: {
  readonly deal: OwnDeal;
  readonly decimals: { readonly price: number; readonly quantity: number };
}): JSX.Element {
  return (
    <tr>
      <td>
        <Link class="num" to={`/deals/${id}`}>
          {id}
        </Link>
      </td>
      <td class="name">{instrument}</td>
      <td class="sides">
        {sides.map((side) => (
          <SideTag key={side} side={side} />
        ))}
      </td>
      <td class="end">
        <Decimal value={price} decimals={decimals.price} />
      </td>
      <td class="end">
        <Decimal value={quantity} decimals={decimals.quantity} />
      </td>
      <td class="wider">
        {counterparty === undefined ? (
          <span class="faint" title="Its instrument hides counterparties">
            hidden
          </span>
        ) : (
          <Link class="name" to={`/participants/${encodeURIComponent(counterparty)}`}>
            {counterparty}
          </Link>
        )}
      </td>
      <td class="wider end">
        <Time at={at} />
      </td>
    </tr>
  );
}
