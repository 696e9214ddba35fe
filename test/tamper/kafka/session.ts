/** Rounds on topics of a real broker on this machine. */
import fs from 'node:fs';
import path from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { type LocalKafka, startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import '../../../infra/kafka/request-queue.js';
import { Random } from '../../bench/random.js';
import type { Round } from '../round.js';
import { inDrawnOrder } from '../script.js';
import { topicOperations } from './operations.js';
import { playRemote } from '../remote/round.js';

export const kafkaNames: readonly string[] = topicOperations.map(({ name }) => name);

interface Broker {
  readonly local: LocalKafka;
  readonly kafka: Kafka;
  readonly admin: Admin;
}

const MOST_SEED = 0x7fff_fffe;

export class KafkaSession {
  private broker: Promise<Broker> | undefined;
  private readonly names: readonly string[];

  constructor(
    private readonly folder: string,
    private readonly seed: number,
    names: readonly string[],
  ) {
    this.names = inDrawnOrder(names, new Random(seed));
  }

  async play(round: number): Promise<Round> {
    this.broker ??= startBroker(path.join(this.folder, 'kafka'));
    const { local, kafka, admin } = await this.broker;
    const name = this.names[round % this.names.length];
    const operation = topicOperations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`there is no operation ${name}`);
    const folder = path.join(this.folder, `round-${round}`);
    fs.mkdirSync(folder);
    const seed = 1 + ((this.seed + 7919 * round) % MOST_SEED);
    const [prefix, data, random] = [`tamper-${round}`, path.join(folder, 'data'), new Random(seed)];
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
