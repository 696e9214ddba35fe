/** Several members of a cluster that has one shard, on a Kafka of three nodes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../../cluster-crash/cluster.js';
import type { Member } from '../../cluster-crash/member.js';
import { Violation } from '../../crash/violation.js';
import type { Random } from '../../support/random.js';
import type { Fault, FaultChoice, Scene } from './scene.js';

const NODES = 3;
const SHARDS = 1;
const LONGEST_DOWN_MS = 4_000;
/** A member that stands still for three seconds or more loses its shard. */
const SHORTEST_STILL_MS = 500;
const LONGEST_STILL_MS = 7_000;
const LONGEST_NODE_MS = 4_000;

export class ClusterScene implements Scene {
  readonly urls: readonly string[];
  readonly faults: readonly Fault[];

  private constructor(
    private readonly cluster: Cluster,
    { kills, silence }: FaultChoice,
  ) {
    this.urls = cluster.members.map(({ url }) => url);
    this.faults = [
      ...(kills ? [this.killed, this.left, this.nodeKilled] : []),
      ...(silence ? [this.still, this.still, this.nodeStill] : []),
      ...(kills && silence ? [this.killedBesideStill] : []),
    ];
  }

  static async open(members: number, folder: string, choice: FaultChoice): Promise<ClusterScene> {
    return new ClusterScene(await Cluster.start(folder, { nodes: NODES, members, shards: SHARDS }), choice);
  }

  private readonly killed: Fault = {
    name: 'member killed',
    inflict: async (random) => this.kill(await this.victim(random), random),
  };

  private readonly left: Fault = {
    name: 'member ended by SIGTERM',
    inflict: async (random) => {
      const victim = await this.victim(random);
      await victim.stop();
      await sleep(random.below(LONGEST_DOWN_MS));
      await victim.start();
    },
  };

  private readonly still: Fault = {
    name: 'member still',
    inflict: async (random) => this.stall(await this.victim(random), random),
  };

  private readonly killedBesideStill: Fault = {
    name: 'one killed, one still',
    inflict: async (random) => {
      const [killed, still] = drawn(this.cluster.members, random);
      if (killed === undefined || still === undefined) return;
      await Promise.all([this.kill(killed, random), this.stall(still, random)]);
    },
  };

  private readonly nodeKilled: Fault = {
    name: 'node of Kafka killed',
    inflict: async (random) => {
      const node = this.cluster.kafka.node(1 + random.below(NODES));
      await node.kill();
      await sleep(random.below(LONGEST_NODE_MS));
      await node.start();
    },
  };

  private readonly nodeStill: Fault = {
    name: 'node of Kafka still',
    inflict: async (random) => {
      const node = this.cluster.kafka.node(1 + random.below(NODES));
      node.signal('SIGSTOP');
      await sleep(random.below(LONGEST_NODE_MS));
      node.signal('SIGCONT');
    },
  };

  async whole(): Promise<void> {
    await this.cluster.whole();
    Violation.throwIfAny(this.cluster.surprises());
  }

  async restartAll(): Promise<void> {
    await this.cluster.restartAll();
  }

  async end(): Promise<void> {
    for (const node of this.cluster.kafka.nodes) node.signal('SIGCONT');
    await this.cluster.end();
  }

  /** The owner of the shard in half of all cases, else any member. */
  private async victim(random: Random): Promise<Member> {
    const [any] = drawn(this.cluster.members, random);
    if (any === undefined) throw new Error('there is no member');
    if (random.chance(1, 2)) return any;
    for (const member of this.cluster.members) {
      if ((await this.cluster.shardsOf(member)).length > 0) return member;
    }
    return any;
  }

  private async kill(victim: Member, random: Random): Promise<void> {
    await victim.kill();
    await sleep(random.below(LONGEST_DOWN_MS));
    await victim.start();
  }

  private async stall(victim: Member, random: Random): Promise<void> {
    victim.signal('SIGSTOP');
    await sleep(random.between(SHORTEST_STILL_MS, LONGEST_STILL_MS));
    victim.signal('SIGCONT');
  }
}

/** In a random order. */
function drawn(members: readonly Member[], random: Random): Member[] {
  const left = [...members];
  return members.flatMap(() => left.splice(random.below(left.length), 1));
}
