/**
 * Where tests get a Kafka, in this order: PARLEY_TEST_KAFKA (`host:port,…`), a container, the local broker of infra/kafka/local.
 * Tests use topics with names of their own in it, so that any number of them may share one.
 */
import { startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import { firstServer, fromEnvironment, type Missing, type TestServer } from '../needs/answer.js';
import { missingLocalKafka } from '../needs/tools.js';
import { missingEngine, missingImage } from './container-engine.js';

/** Kafka 4.0, in Confluent's packing, which is the one that testcontainers knows. */
const IMAGE = 'confluentinc/cp-kafka:8.0.0';
const PORT_IN_CONTAINER = 9093;

/** What a shared Kafka has for its origin that is of the same kind as those that tests start for themselves. */
export const LOCAL_BROKER = 'local broker';

export function findKafka(): Promise<TestServer | Missing> {
  return firstServer([fromEnvironment('PARLEY_TEST_KAFKA'), kafkaInContainer, localKafka]);
}

async function kafkaInContainer(): Promise<TestServer | Missing> {
  const missing = (await missingEngine()) ?? (await missingImage(IMAGE));
  if (missing !== undefined) return { missing };
  // Only here: it takes a while to load.
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const container = await new KafkaContainer(IMAGE)
    .withKraft()
    .withEnvironment({
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .start();
  const address = `${container.getHost()}:${container.getMappedPort(PORT_IN_CONTAINER)}`;
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  return { address, origin: `container of ${IMAGE}`, stop };
}

async function localKafka(): Promise<TestServer | Missing> {
  const missing = await missingLocalKafka();
  if (missing !== undefined) return { missing };
  const kafka = await startLocalKafka();
  return { address: kafka.brokers.join(','), origin: LOCAL_BROKER, stop: () => kafka.stop() };
}
