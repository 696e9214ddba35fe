import { Kafka, logLevel, type Producer, type SASLOptions } from 'kafkajs';
import { withAdmin } from '../../../infra/kafka/admin.js';
import type { KafkaConnection } from '../../../infra/kafka/connection.js';
import '../../../infra/kafka/protocol/request-queue.js';
import type { PartitionName } from '../../../infra/kafka/protocol/requests.js';
import { PATIENCE_MS } from '../patience.js';

/** Enough for some minutes, while a broker says that it is not ready yet. */
const RETRIES = 400;

/** A client for tests of the servers themselves. Patient enough for elections, and silent about the retries they take. */
export function kafkaClient(brokers: string[], sasl?: SASLOptions, retries = RETRIES): Kafka {
  return new Kafka({
    brokers,
    ...(sasl !== undefined && { sasl }),
    logLevel: logLevel.NOTHING,
    connectionTimeout: PATIENCE_MS,
    authenticationTimeout: PATIENCE_MS,
    requestTimeout: PATIENCE_MS,
    // A transaction that follows another at once is put off while the first one's markers are written: that takes no 300 ms.
    retry: { initialRetryTime: 20, maxRetryTime: 500, retries },
  });
}

/** The number of the broker that leads a partition, as the brokers say; undefined where they do not. */
export async function leaderOf(
  connection: KafkaConnection,
  { topic, partition }: PartitionName,
): Promise<number | undefined> {
  const { topics } = await withAdmin(connection, (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
  return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader;
}

export async function createTopic(client: Kafka, topic: string): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  try {
    // Not waiting for leaders: kafkajs gives up on a node that has not heard of the topic yet. Producers retry.
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false });
  } finally {
    await admin.disconnect();
  }
}

export async function transactionalProducer(client: Kafka, transactionalId: string): Promise<Producer> {
  const producer = client.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  return producer;
}

/** Sends one record in a transaction of its own and ends it as `end` says. */
export async function sendOne(
  producer: Producer,
  topic: string,
  value: string,
  end: 'commit' | 'abort',
): Promise<void> {
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ value }] });
  await transaction[end]();
}

/** The first `count` committed records of a topic. */
export async function readCommitted(client: Kafka, topic: string, count: number): Promise<string[]> {
  const consumer = client.consumer({ groupId: `${topic}-${Math.random()}`, readUncommitted: false });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: { value: Buffer | null } }): Promise<void> => {
      values.push(message.value?.toString() ?? '');
      if (values.length === count) resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return values;
}
