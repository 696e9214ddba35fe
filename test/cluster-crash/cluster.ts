/**
 * A cluster of real processes on a real Kafka, all on this machine.
 *
 * Owns: the broker with its data, the members with theirs, all below one folder.
 *
 * 1. After `end` none of them runs.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type LocalKafka, startLocalKafka } from '../../infra/kafka/local/local-kafka.js';
import { freePorts } from '../../infra/kafka/local/ports.js';
import type { Cluster as View } from '../../src/client/index.js';
import type { JudgedCluster } from './checks/judged-cluster.js';
import { ClusterLogs } from './cluster-logs.js';
import { Member } from './member.js';
import { shardsOf, untilWhole, viewFrom } from './views.js';

export const SHARDS = 4;
const MEMBERS = 3;

export interface ClusterSize {
  /** Of Kafka. */
  readonly nodes: number;
  /** 3 unless it is given. */
  readonly members?: number;
  /** 4 unless it is given. */
  readonly shards?: number;
}
const TOPIC = 'parley';
/** So that take-overs begin from snapshots too. */
const SNAPSHOT_EVERY = 2_000;

export class Cluster implements JudgedCluster {
  readonly members: readonly Member[];
  readonly logs: ClusterLogs;

  private constructor(
    readonly kafka: LocalKafka,
    readonly folder: string,
    ports: readonly number[],
    shards: number,
  ) {
    this.logs = new ClusterLogs(kafka.brokers, TOPIC);
    this.members = ports.map((port, index) => {
      const name = `member-${index + 1}`;
      const own = path.join(folder, name);
      fs.mkdirSync(own);
      const args = [
        ...this.logs.where(),
        '--shards',
        String(shards),
        '--data',
        own,
        '--snapshot-every',
        `${SNAPSHOT_EVERY}`,
      ];
      return new Member({ name, port, args, file: path.join(folder, `${name}.said`) });
    });
  }

  /** Starts Kafka, and then all members at once. */
  static async start(folder: string, { nodes, members = MEMBERS, shards = SHARDS }: ClusterSize): Promise<Cluster> {
    const kafka = await startLocalKafka({ nodes, folder: path.join(folder, 'kafka') });
    const cluster = new Cluster(kafka, folder, await freePorts(members), shards);
    try {
      await Promise.all(cluster.members.map((member) => member.start()));
      await cluster.whole();
      return cluster;
    } catch (error) {
      await cluster.end();
      throw error;
    }
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
    return shardsOf(await this.view(), member.url);
  }

  /** Resolves when every member has seen all members and every shard serving, each in its time; a violation when that never comes. */
  whole(): Promise<void> {
    return untilWhole(this.members, this.logs, (member) => this.viewFrom(member));
  }

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

  private async viewFrom({ isRunning, url }: Member): Promise<View | undefined> {
    return isRunning ? viewFrom(url) : undefined;
  }
}
