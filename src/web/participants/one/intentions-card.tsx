import type { JSX } from 'preact';
import type { Intention } from '../../../client/types.js';
import { Link } from '../../app/link.js';
import { Decimal, decimalsOf, grouped } from '../../parts/decimal.js';
import { useRowWindow } from '../../parts/row-window.js';
import { SideTag } from '../../parts/side.js';
import { Wide } from '../../parts/wide.js';

const ROW_HEIGHT = 36;

/** What stands, in the order of its ids. Only what is seen is in the document. */
export function IntentionsCard({
  intentions,
  hasMore,
}: {
  readonly intentions: readonly Intention[];
  readonly hasMore: boolean;
}): JSX.Element {
  const { from, until, heightBefore, heightAfter, of } = useRowWindow<HTMLTableSectionElement>(
    intentions.length,
    ROW_HEIGHT,
  );
  const shown = intentions.slice(from, until);
  const decimals = {
    price: Math.max(0, ...shown.map(({ price }) => decimalsOf(price))),
    quantity: Math.max(0, ...shown.map(({ open }) => decimalsOf(open))),
  };
  return (
    <section class="card" aria-label="Open intentions">
      <div class="card-head">
        <h2>Open intentions</h2>
        <span class="faint num">
          {grouped(intentions.length)}
          {hasMore && ' and more'}
        </span>
      </div>
      {intentions.length === 0 ? (
        <p class="card-body faint">Nothing of it stands.</p>
      ) : (
        <Wide label="Open intentions as a table">
          <table class="standing-intentions" aria-rowcount={intentions.length + 1}>
            <thead>
              <tr>
                <th>intention</th>
                <th>instrument</th>
                <th>side</th>
                <th class="end">price</th>
                <th class="end">open</th>
                <th class="end wider">reserved</th>
                <th>filled</th>
              </tr>
            </thead>
            <tbody ref={of}>
              {heightBefore > 0 && <tr aria-hidden="true" style={{ height: `${heightBefore}px` }} />}
              {shown.map((intention) => (
                <Row key={intention.id} intention={intention} decimals={decimals} />
              ))}
              {heightAfter > 0 && <tr aria-hidden="true" style={{ height: `${heightAfter}px` }} />}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function Row({
  intention,
  decimals,
}: {
  readonly intention: Intention;
  readonly decimals: { readonly price: number; readonly quantity: number };
}): JSX.Element {
  const { id, instrument, side, price, open, reserved } = intention;
  return (
    <tr class="row">
      <td>
        <Link class="num" to={`/intentions/${id}`}>
          {id}
        </Link>
      </td>
      <td>
        <Link class="name" to={`/market/${encodeURIComponent(instrument)}`}>
          {instrument}
        </Link>
      </td>
      <td>
        <SideTag side={side} />
      </td>
      <td class="end">
        {price === undefined ? <span class="faint">market</span> : <Decimal value={price} decimals={decimals.price} />}
      </td>
      <td class="end">
        <Decimal value={open} decimals={decimals.quantity} />
      </td>
      <td class={`end wider ${Number(reserved) === 0 ? 'faint' : 'reserved'}`}>
        <Decimal value={reserved} decimals={decimals.quantity} />
      </td>
      <td>
        <FillBar intention={intention} />
      </td>
    </tr>
  );
}

/** Filled, held by a promise, and open: of all that it is for. */
function FillBar({ intention: { open, reserved, filled } }: { readonly intention: Intention }): JSX.Element {
  const all = Number(filled) + Number(open);
  const percent = (value: string): number => (all === 0 ? 0 : (100 * Number(value)) / all);
  return (
    <span class="fill" title={`${filled} filled, ${reserved} reserved, ${open} open`}>
      <span class="fill-bar" aria-hidden="true">
        <span class="fill-part filled" style={{ width: `${percent(filled)}%` }} />
        <span class="fill-part reserved" style={{ width: `${percent(reserved)}%` }} />
      </span>
      <span class="num faint">{Math.floor(percent(filled))} %</span>
    </span>
  );
}
