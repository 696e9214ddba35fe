/** Who should own which shard: a pure function of what a member sees, so that members that see the same agree. */
import { compareIds } from './membership.js';

export interface Candidate {
  readonly memberId: string;
  /** The shards that it holds. Two members may report one shard for a while: the higher epoch holds it. */
  readonly holds: ReadonlyMap<number, { readonly epoch: number }>;
  /** Those that it has refused permanently: it holds none of them, and gets none. */
  readonly refuses?: ReadonlySet<number>;
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
 * 1. Every shard has one owner, as long as there is a member that has not refused it; undefined otherwise.
 * 2. No two members differ by more than one shard, but for those that the one with fewer has refused.
 * 3. Where nothing is refused, no more shards move than that takes; what an owner gives up are its highest numbers.
 * 4. Where all is as it should be, nothing moves.
 */
export function assign(shards: number, members: readonly Candidate[]): (string | undefined)[] {
  const owners = holdersOf(shards, members);
  const shares = inOrder(members).map((member): Share => {
    const held = Array.from({ length: shards }, (_, shard) => shard).filter(
      (shard) => owners[shard] === member.memberId,
    );
    return { member, owns: held };
  });
  owners.forEach((owner, shard) => {
    if (owner === undefined) fewestOpen(shares, shard)?.owns.push(shard);
  });
  for (let move = nextMove(shares); move !== undefined; move = nextMove(shares)) {
    move.from.owns.splice(move.from.owns.indexOf(move.shard), 1);
    move.to.owns.push(move.shard);
  }
  for (const { member, owns } of shares) for (const shard of owns) owners[shard] = member.memberId;
  return owners;
}

interface Share {
  readonly member: Candidate;
  readonly owns: number[];
}

interface Move {
  readonly shard: number;
  readonly from: Share;
  readonly to: Share;
}

/** From who has the most to who has the fewest, as far as that one has not refused it; undefined where that would help nobody. */
function nextMove(shares: readonly Share[]): Move | undefined {
  for (const from of [...shares].sort((a, b) => b.owns.length - a.owns.length)) {
    for (const shard of [...from.owns].sort((a, b) => b - a)) {
      const to = fewestOpen(shares, shard);
      if (to !== undefined && to.owns.length <= from.owns.length - 2) return { shard, from, to };
    }
  }
  return undefined;
}

/** Who has the fewest among those that have not refused it, the first by id where several have. */
function fewestOpen(shares: readonly Share[], shard: number): Share | undefined {
  const open = shares.filter(({ member }) => member.refuses?.has(shard) !== true);
  return open.sort((a, b) => a.owns.length - b.owns.length)[0];
}

function inOrder(members: readonly Candidate[]): readonly Candidate[] {
  return [...members].sort((a, b) => compareIds(a.memberId, b.memberId));
}
