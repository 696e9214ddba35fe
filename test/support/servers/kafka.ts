/**
 * Where tests get a Kafka, in this order: PARLEY_TEST_KAFKA (`host:port,…`), a container, the local broker of infra/kafka/local.
 * Tests use topics with names of their own in it, so that any number of them may share one.
 */
import { startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import { freePorts } from '../../../infra/kafka/local/ports.js';
import { firstServer, fromEnvironment, type Missing, type TestServer } from '../needs/answer.js';
import { missingLocalKafka } from '../needs/tools.js';
import { imageFor, missingEngine } from './container-engine.js';
import { EXTERNAL_PORT, kafkaContainer } from './kafka-container.js';
import { loadTestcontainers } from './testcontainers.js';

/** What a shared Kafka has for its origin that is of the same kind as those that tests start for themselves. */
export const LOCAL_BROKER = 'local broker';

export function findKafka(): Promise<TestServer | Missing> {
  return firstServer([fromEnvironment('PARLEY_TEST_KAFKA'), kafkaInContainer, localKafka]);
}

async function kafkaInContainer(): Promise<TestServer | Missing> {
  const missing = await missingEngine();
  if (missing !== undefined) return { missing };
  const found = await imageFor('kafka');
  if ('missing' in found) return found;
  const { getContainerRuntimeClient } = await loadTestcontainers();
  const { host } = (await getContainerRuntimeClient()).info.containerRuntime;
  const [port = 0] = await freePorts(1);
  const address = `${host}:${port}`;
  const planned = await kafkaContainer(found.image, 'localhost', address);
  const container = await planned.withExposedPorts({ container: EXTERNAL_PORT, host: port }).start();
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  return { address, origin: `container of ${found.image}`, stop };
}

async function localKafka(): Promise<TestServer | Missing> {
  const missing = await missingLocalKafka();
  if (missing !== undefined) return { missing };
  const kafka = await startLocalKafka();
  return { address: kafka.brokers.join(','), origin: LOCAL_BROKER, stop: () => kafka.stop() };
}
