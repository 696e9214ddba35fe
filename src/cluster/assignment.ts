/** Who should own which shard: a pure function of what a member sees, so that all who see the same come to the same. */
import { compareIds } from './membership.js';

export interface Candidate {
  readonly memberId: string;
  /** The shards that it holds. Two members may claim one shard for a while: the higher epoch holds it. */
  readonly holds: ReadonlyMap<number, { readonly epoch: number }>;
}

/** Who holds each shard: the live member with the highest epoch, the first by id where they are the same; undefined: nobody. */
export function holdersOf(shards: number, members: readonly Candidate[]): (string | undefined)[] {
  const holders = Array.from<string | undefined>({ length: shards });
  const epochs = Array.from<number>({ length: shards }).fill(-1);
  for (const { memberId, holds } of inOrder(members)) {
    for (const [shard, { epoch }] of holds) {
      if (shard >= shards || epoch <= (epochs[shard] ?? -1)) continue;
      holders[shard] = memberId;
      epochs[shard] = epoch;
    }
  }
  return holders;
}

/**
 * The owner that each shard should have, among `members` (in any order; those that nothing may be assigned to are not among them).
 *
 * 1. Every shard has one owner, as long as there is a member at all; undefined otherwise.
 * 2. No two members differ by more than one shard.
 * 3. No more shards move than that takes; what an owner gives up are its highest numbers.
 * 4. Where all is as it should be, nothing moves.
 */
export function assign(shards: number, members: readonly Candidate[]): (string | undefined)[] {
  const holders = holdersOf(shards, members);
  const owners = Array.from<string | undefined>({ length: shards });
  const counts = quotas(shards, members, holders).map(({ memberId, quota }) => ({ memberId, quota, count: 0 }));
  holders.forEach((holder, shard) => {
    const own = counts.find(({ memberId }) => memberId === holder);
    if (own === undefined || own.count >= own.quota) return;
    own.count++;
    owners[shard] = own.memberId;
  });
  owners.forEach((owner, shard) => {
    if (owner !== undefined) return;
    const next = counts.filter(({ count, quota }) => count < quota).sort(fewestFirst)[0];
    if (next === undefined) return;
    next.count++;
    owners[shard] = next.memberId;
  });
  return owners;
}

/** How many shards each gets. The odd ones go to those that hold the most already, because then the fewest move. */
function quotas(
  shards: number,
  members: readonly Candidate[],
  holders: readonly (string | undefined)[],
): { readonly memberId: string; readonly quota: number }[] {
  const least = Math.floor(shards / members.length);
  const odd = shards % members.length;
  return members
    .map(({ memberId }) => ({ memberId, count: holders.filter((holder) => holder === memberId).length }))
    .sort((a, b) => b.count - a.count || compareIds(a.memberId, b.memberId))
    .map(({ memberId }, index) => ({ memberId, quota: index < odd ? least + 1 : least }));
}

function fewestFirst(a: { memberId: string; count: number }, b: { memberId: string; count: number }): number {
  return a.count - b.count || compareIds(a.memberId, b.memberId);
}

function inOrder(members: readonly Candidate[]): readonly Candidate[] {
  return [...members].sort((a, b) => compareIds(a.memberId, b.memberId));
}
