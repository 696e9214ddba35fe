import type { DealtAtOnce } from '../../client/index.js';
import { views } from '../../api/schemas/schemas.js';
import { shardOfIntention } from '../../../projections/store/places.js';
import { positionText } from '../../log/position-text.js';

const order = Object.keys(views.Intention.properties);

/** An intention with its fields in one order, whoever told of it: the server puts those first that are always there. */
export function inOrder<View extends object>(intention: View): View {
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const fields = Object.entries(intention).sort(([one], [other]) => rank(one) - rank(other));
  return Object.fromEntries(fields) as View; // the same fields
}

const positions: readonly string[] = ['position', 'postedPosition', 'closedPosition'];

/** What is told of an intention as people see it: positions with their shard, where the id, or a field of its own, says that there are several. */
export function shownIntention(told: object & { readonly id?: string; readonly shard?: number }): object {
  const ofId = told.id === undefined ? 0 : (shardOfIntention(told.id) ?? 0);
  const shard = told.shard ?? (ofId > 0 ? ofId : undefined);
  const shown = Object.entries(told).map(([name, value]: [string, unknown]) => {
    if (name === 'deals' && Array.isArray(value)) return [name, dealsText(value as readonly DealtAtOnce[])]; // of a post's answer
    return [name, positions.includes(name) && typeof value === 'number' ? positionText(value, shard) : value];
  });
  return Object.fromEntries(shown) as object; // of names and values
}

/** `40 at 10.20 (1-1), 60 at 10.25 (2-1)`; `none`. */
function dealsText(deals: readonly DealtAtOnce[]): string {
  if (deals.length === 0) return 'none';
  return deals.map(({ id, price, quantity }) => `${quantity} at ${price} (${id})`).join(', ');
}
