/**
 * A cluster of real processes on a real Kafka, all on this machine.
 *
 * Owns: the broker with its data, the members with theirs, all below one folder.
 *
 * 1. After `end` none of them runs.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { KafkaConnection } from '../../infra/kafka/connection.js';
import { KafkaLog } from '../../infra/kafka/kafka-log.js';
import { type LocalKafka, startLocalKafka } from '../../infra/kafka/local/local-kafka.js';
import { freePorts } from '../../infra/kafka/local/ports.js';
import { type Cluster as View, ParleyClient } from '../../src/client/index.js';
import { mustBecome } from '../crash/violation.js';
import { PATIENCE_MS } from '../support/patience.js';
import { Member } from './member.js';

export const SHARDS = 4;
const MEMBERS = 3;
const TOPIC = 'parley';
const ASK_MS = 10_000;
/** So that take-overs begin from snapshots too. */
const SNAPSHOT_EVERY = 2_000;

export class Cluster {
  readonly members: readonly Member[];
  readonly topic = TOPIC;

  private constructor(
    readonly kafka: LocalKafka,
    readonly folder: string,
    ports: readonly number[],
  ) {
    this.members = ports.map((port, index) => {
      const name = `member-${index + 1}`;
      const own = path.join(folder, name);
      fs.mkdirSync(own);
      const args = [
        ...this.where(),
        '--shards',
        String(SHARDS),
        '--data',
        own,
        '--snapshot-every',
        `${SNAPSHOT_EVERY}`,
      ];
      return new Member({ name, port, args, file: path.join(folder, `${name}.said`) });
    });
  }

  /** Starts Kafka, and then all members at once. */
  static async start(folder: string, nodes: number): Promise<Cluster> {
    const kafka = await startLocalKafka({ nodes, folder: path.join(folder, 'kafka') });
    const cluster = new Cluster(kafka, folder, await freePorts(MEMBERS));
    try {
      await Promise.all(cluster.members.map((member) => member.start()));
      await cluster.whole();
      return cluster;
    } catch (error) {
      await cluster.end();
      throw error;
    }
  }

  get connection(): KafkaConnection {
    return { brokers: this.kafka.brokers, patienceMs: PATIENCE_MS };
  }

  /** The options by which a verb finds the topics, or the log of one shard. */
  where(shard?: number): readonly string[] {
    const topics = ['--log', 'kafka', '--brokers', this.kafka.brokers.join(','), '--topic', TOPIC];
    return shard === undefined ? topics : [...topics, '--shard', String(shard)];
  }

  log(shard: number): KafkaLog {
    return new KafkaLog({ connection: this.connection, topic: TOPIC, shard });
  }

  /** As a running member sees it; undefined when none answers. */
  async view(): Promise<View | undefined> {
    for (const member of this.members) {
      const seen = await this.viewFrom(member);
      if (seen !== undefined) return seen;
    }
    return undefined;
  }

  /** Which shards a member has, as the others see it. */
  async shardsOf(member: Member): Promise<readonly number[]> {
    const seen = await this.view();
    const own = seen?.members.find(({ url }) => url === member.url)?.member;
    return seen?.shards.flatMap(({ shard, owner }) => (owner === own && own !== undefined ? [shard] : [])) ?? [];
  }

  /** Resolves when every member has seen all members and every shard serving, each in its time; a violation when that never comes. */
  async whole(): Promise<void> {
    const views = new Map<Member, View | undefined>();
    const look = async (member: Member): Promise<boolean> => {
      const before = views.get(member);
      const view = before !== undefined && isWhole(before) ? before : await this.viewFrom(member);
      views.set(member, view);
      return view !== undefined && isWhole(view);
    };
    await mustBecome(
      () => `the shards are not all served: ${JSON.stringify([...views.values()])}`,
      async () => (await Promise.all(this.members.map(look))).every((isSeen) => isSeen),
    );
  }

  /** Kills all members and starts them again. Whatever they had in hand is there by then, or will never be. */
  async restartAll(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
    await Promise.all(this.members.map((member) => member.start()));
    await this.whole();
  }

  surprises(): readonly string[] {
    return this.members.flatMap((member) => member.surprises);
  }

  async end(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
    await Promise.all(this.kafka.nodes.map((node) => node.kill()));
  }

  private async viewFrom(member: Member): Promise<View | undefined> {
    if (!member.isRunning) return undefined;
    const client = new ParleyClient({ url: member.url, retry: { attempts: 1 }, timeoutMs: ASK_MS });
    return client.cluster().catch(() => undefined);
  }
}

function isWhole({ members, shards }: View): boolean {
  const serving = members.filter(({ state }) => state === 'serving');
  return serving.length === MEMBERS && shards.every(({ state }) => state === 'serving');
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
