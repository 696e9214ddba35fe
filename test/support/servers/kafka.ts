/**
 * Where tests get a Kafka, in this order: PARLEY_TEST_KAFKA (`host:port,…`), a container, the local broker of infra/kafka/local.
 * Tests use topics with names of their own in it, so that any number of them may share one.
 */
import { startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import { missingTool } from '../../../infra/kafka/local/installation.js';
import { missingEngine } from './container-engine.js';
import { ended, firstServer, fromEnvironment, type NoServer, type TestServer } from './test-server.js';

/** Kafka 4.0, in Confluent's packing, which is the one that testcontainers knows. */
const IMAGE = 'confluentinc/cp-kafka:8.0.0';
const PORT_IN_CONTAINER = 9093;

export function findKafka(): Promise<TestServer | NoServer> {
  return firstServer([fromEnvironment('PARLEY_TEST_KAFKA'), kafkaInContainer, localKafka]);
}

async function kafkaInContainer(): Promise<TestServer | NoServer> {
  const missing = await missingEngine();
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
  return { address, origin: `container of ${IMAGE}`, stop: () => ended(container.stop()) };
}

async function localKafka(): Promise<TestServer | NoServer> {
  const missing = await missingTool();
  if (missing !== undefined) return { missing };
  const kafka = await startLocalKafka();
  return { address: kafka.brokers.join(','), origin: 'local broker', stop: () => kafka.stop() };
}
