import { KafkaClient } from './client.js';
import { type KafkaConnection, kafkaError } from './connection.js';
import { topicNames } from './topic-names.js';

/** How many shards an exchange has: the partitions of its topic of events; 0 where there is no such topic. Rejects with LogUnreachableError or LogRefusedError. */
export async function countShards(connection: KafkaConnection, prefix: string): Promise<number> {
  const client = new KafkaClient(connection);
  try {
    return await client.partitionCount(topicNames(prefix).events);
  } catch (error) {
    throw kafkaError(error, connection);
  } finally {
    await client.close();
  }
}
