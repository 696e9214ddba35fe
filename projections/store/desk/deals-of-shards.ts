/** Deals of several shards, as one list. */
import type { DealView } from '../../tape/views.js';
import { placeOf } from '../places.js';

/** With its place instead of its position, and with its shard. */
export function placed<Deal extends { readonly position: number }>(
  shard: number,
  deal: Deal,
): Deal & { readonly shard: number } {
  return { ...deal, position: placeOf(shard, deal.position), shard };
}

/** The last ones by time, in the order of time; each list keeps its own order, whatever its clock did. */
export function latestOf(lists: readonly (readonly DealView[])[], limit: number): DealView[] {
  const left = lists.map((list) => [...list]);
  const latest: DealView[] = [];
  while (latest.length < limit && left.length > 0) {
    const next = left.reduce((best, list) => ((list.at(-1)?.at ?? '') > (best.at(-1)?.at ?? '') ? list : best));
    const deal = next.pop();
    if (deal === undefined) break;
    latest.push(deal);
  }
  return latest.reverse();
}
