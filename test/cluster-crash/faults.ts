/** The faults of the cluster, one a round. */
import type { Random } from '../support/random.js';
import type { Cluster } from './cluster.js';
import { sleep } from './rounds.js';
import type { FaultKind } from './fault-plan.js';
import type { Member } from './member.js';
import type { Outages } from './outages.js';

export interface Faulted {
  readonly cluster: Cluster;
  readonly random: Random;
  readonly outages: Outages;
}

/** Does it, and undoes it: all processes run again when this resolves. */
export async function inflict(kind: FaultKind, faulted: Faulted): Promise<void> {
  const { cluster, random } = faulted;
  const victims = [...cluster.members];
  const [victim] = victims.splice(random.below(victims.length), 1);
  const [other] = victims.splice(random.below(victims.length), 1);
  if (victim === undefined || other === undefined) throw new Error('there are too few members for a fault');
  switch (kind) {
    case 'kill':
      return kill(victim, faulted);
    case 'stall':
      return stall(victim, faulted);
    case 'kill+stall':
      await Promise.all([kill(victim, faulted), stall(other, faulted)]);
      return;
    case 'term':
      return stop(victim, faulted);
    case 'broker':
    case 'node':
      return killNode(kind, faulted);
  }
}

async function kill(victim: Member, { cluster, random, outages }: Faulted): Promise<void> {
  const downMs = 500 + random.below(5_000);
  outages.begin('kill', await cluster.shardsOf(victim), victim.url);
  await victim.kill();
  await sleep(downMs);
  await victim.start();
}

/** It wakes up with all that it had in hand, after others may have taken its shards. */
async function stall(victim: Member, { cluster, random, outages }: Faulted): Promise<void> {
  const stillMs = 4_000 + random.below(4_000);
  outages.begin('stall', await cluster.shardsOf(victim), victim.url);
  victim.signal('SIGSTOP');
  await sleep(stillMs);
  victim.signal('SIGCONT');
}

async function stop(victim: Member, { cluster, random, outages }: Faulted): Promise<void> {
  const downMs = random.below(3_000);
  outages.begin('term', await cluster.shardsOf(victim), victim.url);
  await victim.stop();
  await sleep(downMs);
  await victim.start();
}

/** The outage of a broker that is alone is counted from when it answers again. */
async function killNode(kind: 'broker' | 'node', { cluster, random, outages }: Faulted): Promise<void> {
  const { nodes } = cluster.kafka;
  const node = cluster.kafka.node(1 + random.below(nodes.length));
  const downMs = 300 + random.below(4_000);
  const all = (await cluster.view())?.shards.map(({ shard }) => shard) ?? [];
  if (kind === 'node') outages.begin(kind, all);
  await node.kill();
  await sleep(downMs);
  await node.start();
  if (kind === 'broker') outages.begin(kind, all);
}
