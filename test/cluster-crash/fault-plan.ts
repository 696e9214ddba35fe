/** The kinds of fault that can strike the cluster, and their order in a run. */
import type { Random } from '../support/random.js';

export const faultKinds = ['kill', 'stall', 'kill+stall', 'term', 'broker', 'node'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** The broker that is alone comes back; of three, one node at a time is lost. */
export function kindsWith(nodes: number): readonly FaultKind[] {
  return faultKinds.filter((kind) => kind !== (nodes === 1 ? 'node' : 'broker'));
}

/** One kind a round: each of them once, in a random order, before any comes again. */
export function planFaults<Kind>(kinds: readonly Kind[], rounds: number, random: Random): Kind[] {
  const plan: Kind[] = [];
  while (plan.length < rounds) {
    const left = [...kinds];
    while (left.length > 0) plan.push(...left.splice(random.below(left.length), 1));
  }
  return plan.slice(0, rounds);
}
