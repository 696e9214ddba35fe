/** What can be done to the cluster, and in which order it is. */
import type { Random } from '../bench/random.js';

export const harmKinds = ['kill', 'stall', 'kill+stall', 'term', 'broker', 'node'] as const;
export type HarmKind = (typeof harmKinds)[number];

/** The broker that is alone comes back; of three, one node at a time is lost. */
export function kindsWith(nodes: number): readonly HarmKind[] {
  return harmKinds.filter((kind) => kind !== (nodes === 1 ? 'node' : 'broker'));
}

/** One kind a round: each of them once, in a random order, before any comes again. */
export function planHarms(kinds: readonly HarmKind[], rounds: number, random: Random): HarmKind[] {
  const plan: HarmKind[] = [];
  while (plan.length < rounds) {
    const left = [...kinds];
    while (left.length > 0) plan.push(...left.splice(random.below(left.length), 1));
  }
  return plan.slice(0, rounds);
}
