/** What happens to networks alone: all containers run throughout, unless they end by themselves. */
import type { Container } from '../scene/container.js';
import type { Member } from '../scene/scene.js';
import type { NetworkKind } from '../scene/networks.js';
import { byChance, type Lateness, TO_QUEUE } from '../scene/rules.js';
import { allShards, anOwner, type Inflict, pass, type Stage } from './stage.js';

/** From what passes before a session ends to what is far beyond it. */
const CUT_MS = { leastMs: 3_000, mostMs: 14_000 };
/** Far beyond the 9 s after which a broker that is not heard any more is replaced. */
const PARTED_MS = { leastMs: 6_000, mostMs: 22_000 };
const POOR_MS = { leastMs: 6_000, mostMs: 14_000 };
const LOST_PERCENT = { least: 5, most: 30 };
const LATE_MS = { least: 5, most: 250 };
const MOST_SEED = 0x7fff_ffff;

/** An owner has no network of this kind for a while, also by name: its endpoint is gone. */
export function cutOff(kind: NetworkKind): Inflict {
  return async (stage) => {
    const { member, shards } = await anOwner(stage);
    const { container } = member;
    await pass(stage, { shards, ...CUT_MS, begin: () => container.leave(kind), end: () => container.join(kind) });
  };
}

/** An owner is not heard by the brokers, or does not hear them; the other way everything gets through. */
export function oneWay(direction: 'out' | 'in'): Inflict {
  return async (stage) => {
    const { member, shards } = await anOwner(stage);
    const brokers = stage.scene.networks.rangeOf('brokers');
    const rule = direction === 'out' ? `-A OUTPUT -d ${brokers} -j DROP` : `-A INPUT -s ${brokers} -j DROP`;
    await ruled(stage, { container: member.container, rules: [rule] }, { shards, ...CUT_MS });
  };
}

/**
 * An owner and a broker see each other, and none of the others. Clients see all. The broker is the one that leads the log of a shard
 * that the owner has, more often than not: it goes on to answer as before, while the others choose another leader, and another owner.
 */
export const halves: Inflict = async (stage) => {
  const { member, broker } = await anOwnerAndABroker(stage);
  await parted(stage, [member.container, broker]);
};

/** A broker, chosen in the same way, does not see the others. Exchanges see all. */
export const lonelyBroker: Inflict = async (stage) => {
  const { broker } = await anOwnerAndABroker(stage);
  await parted(stage, [broker], stage.scene.brokers);
};

async function anOwnerAndABroker(stage: Stage): Promise<{ member: Member; broker: Container }> {
  const { scene, random } = stage;
  const { member, shards } = await anOwner(stage);
  const leader = random.chance(2, 3) ? await scene.leaderOf(random.pick(shards)) : undefined;
  return { member, broker: leader ?? random.pick(scene.brokers) };
}

/** Some do not see the others, nor these them, in the networks of brokers and members. */
async function parted(stage: Stage, some: readonly Container[], all = stage.scene.containers): Promise<void> {
  const { scene } = stage;
  const others = all.filter((each) => !some.includes(each));
  const rulesFor = (container: Container): readonly string[] =>
    others.flatMap((other) => (['brokers', 'members'] as const).flatMap((kind) => between(container, other, kind)));
  await pass(stage, {
    shards: allShards,
    ...PARTED_MS,
    begin: () => Promise.all(some.map((container) => scene.rules.put(container, rulesFor(container)))),
    end: () => Promise.all(some.map((container) => scene.rules.lift(container))),
  });
}

/** Packets get lost on all networks of an owner or a broker. */
export const loss: Inflict = async (stage) => {
  const { random, scene } = stage;
  const chance = byChance(random.between(LOST_PERCENT.least, LOST_PERCENT.most));
  const { container, shards } = await anyone(stage);
  const rules = rangesOf(scene.networks, container).flatMap((range) => [
    `-A OUTPUT -d ${range} ${chance} -j DROP`,
    `-A INPUT -s ${range} ${chance} -j DROP`,
  ]);
  await ruled(stage, { container, rules }, { shards, ...POOR_MS });
};

/** Packets of an owner or a broker are late, and overtake each other. */
export const delay: Inflict = async (stage) => {
  const { random, scene } = stage;
  const { container, shards } = await anyone(stage);
  const rules = rangesOf(scene.networks, container).flatMap((range) => [
    `-A OUTPUT -d ${range} ${TO_QUEUE}`,
    `-A INPUT -s ${range} ${TO_QUEUE}`,
  ]);
  const mostMs = random.between(LATE_MS.least, LATE_MS.most);
  const late = { leastMs: random.below(mostMs), mostMs, seed: random.between(1, MOST_SEED) };
  await ruled(stage, { container, rules, late }, { shards, ...POOR_MS });
};

interface Ruled {
  readonly container: Container;
  readonly rules: readonly string[];
  readonly late?: Lateness;
}

interface Lasting {
  readonly shards: readonly number[];
  readonly leastMs: number;
  readonly mostMs: number;
}

function ruled(stage: Stage, { container, rules, late }: Ruled, lasting: Lasting): Promise<void> {
  const { scene } = stage;
  const begin = (): Promise<void> => scene.rules.put(container, rules, late);
  return pass(stage, { ...lasting, begin, end: () => scene.rules.lift(container) });
}

async function anyone(stage: Stage): Promise<{ container: Container; shards: readonly number[] }> {
  const { random, scene } = stage;
  if (random.chance(1, 3)) return { container: random.pick(scene.brokers), shards: allShards };
  const { member, shards } = await anOwner(stage);
  return { container: member.container, shards };
}

function between(container: Container, other: Container, kind: NetworkKind): readonly string[] {
  if (![container, other].every(({ recipe }) => recipe.networks.includes(kind))) return [];
  const address = other.addressIn(kind);
  return [`-A OUTPUT -d ${address} -j DROP`, `-A INPUT -s ${address} -j DROP`];
}

/** All but the one by which a judge looks. */
function rangesOf(networks: Stage['scene']['networks'], { recipe }: Container): readonly string[] {
  return recipe.networks.filter((kind) => kind !== 'control').map((kind) => networks.rangeOf(kind));
}
