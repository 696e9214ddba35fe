/** What every fault has to do with: the scene, chance, and who is told whom it strikes. */
import { sleep } from '../../cluster-crash/rounds.js';
import type { Random } from '../../support/random.js';
import { type Member, type Scene, SHARDS } from '../scene/scene.js';

export interface Stage {
  readonly scene: Scene;
  readonly random: Random;
  /** Is to be told, right before, which shards a fault strikes. */
  readonly strikes: (shards: readonly number[]) => void;
}

export type Inflict = (stage: Stage) => Promise<void>;

export const allShards: readonly number[] = Array.from({ length: SHARDS }, (_, shard) => shard);

export interface Owner {
  readonly member: Member;
  readonly shards: readonly number[];
}

/** A member that has shards. */
export async function anOwner({ scene, random }: Stage): Promise<Owner> {
  const found: Owner[] = [];
  for (const member of scene.members) {
    const shards = await scene.shardsOf(member);
    if (shards.length > 0) found.push({ member, shards });
  }
  if (found.length === 0) throw new Error('no member has a shard');
  return random.pick(found);
}

export interface Passing {
  /** Which it strikes. */
  readonly shards: readonly number[];
  readonly leastMs: number;
  readonly mostMs: number;
  readonly begin: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
}

/** A fault that begins, lasts a while, and ends. */
export async function pass(
  { random, strikes }: Stage,
  { shards, leastMs, mostMs, begin, end }: Passing,
): Promise<void> {
  const lastsMs = random.between(leastMs, mostMs);
  strikes(shards);
  await begin();
  await sleep(lastsMs);
  await end();
}
