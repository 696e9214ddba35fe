import { type Admin, Kafka, logLevel } from 'kafkajs';
import { isOfLog, type KafkaConnection, kafkaConfig, kafkaError } from './connection.js';
import './protocol/request-queue.js';

export type { Admin };

/** Lends out an administrative connection. Rejects with LogUnreachableError, LogRefusedError, or what is said of the log itself. */
export async function withAdmin<Value>(
  connection: KafkaConnection,
  use: (admin: Admin) => Promise<Value>,
): Promise<Value> {
  const admin = new Kafka({ ...kafkaConfig(connection), logLevel: logLevel.NOTHING }).admin();
  try {
    await admin.connect();
    return await use(admin);
  } catch (error) {
    throw isOfLog(error) ? error : kafkaError(error, connection);
  } finally {
    await admin.disconnect();
  }
}

/** Those of the topics that there are. */
export async function topicsThere(admin: Admin, topics: readonly string[]): Promise<readonly string[]> {
  const existing = new Set(await admin.listTopics());
  return topics.filter((topic) => existing.has(topic));
}
