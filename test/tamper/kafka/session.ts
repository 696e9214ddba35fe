/** Rounds on topics of a real broker on this machine. */
import path from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type LocalKafka, startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import '../../../infra/kafka/protocol/request-queue.js';
import type { Round } from '../round.js';
import { topicOperations } from './operations.js';
import { DrawnRounds } from '../remote/drawn-rounds.js';
import { playRemote } from '../remote/round.js';

export const kafkaNames: readonly string[] = topicOperations.map(({ name }) => name);

interface Broker {
  readonly local: LocalKafka;
  readonly kafka: Kafka;
  readonly admin: Admin;
}

export class KafkaSession {
  private broker: Promise<Broker> | undefined;
  private readonly rounds: DrawnRounds<(typeof topicOperations)[number]>;

  constructor(
    private readonly folder: string,
    seed: number,
    names: readonly string[],
  ) {
    this.rounds = new DrawnRounds(folder, seed, names, topicOperations);
  }

  async play(round: number): Promise<Round> {
    this.broker ??= startBroker(path.join(this.folder, 'kafka'));
    const { local, kafka, admin } = await this.broker;
    const { operation, folder, seed, random } = this.rounds.begin(round);
    const [prefix, data] = [`tamper-${round}`, path.join(folder, 'data')];
    const where = ['--log', 'kafka', '--brokers', local.brokers.join(','), '--topic', prefix];
    const ground = { kafka, admin, prefix, data, random };
    return playRemote({ folder, data, where, ground, random, seed }, operation);
  }

  async end(): Promise<void> {
    const broker = await this.broker?.catch(() => undefined);
    await broker?.admin.disconnect();
    await Promise.all((broker?.local.nodes ?? []).map((node) => node.kill()));
  }
}

async function startBroker(folder: string): Promise<Broker> {
  const local = await startLocalKafka({ folder });
  const kafka = new Kafka({ brokers: local.brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  return { local, kafka, admin };
}
