/** A broker in a container, which is its own controller, with the settings of infra/kafka/compose.yaml and those of a local broker. */
import type { GenericContainer } from 'testcontainers';
import { kafkaEnvironment, settingsOfNodes } from '../../../infra/kafka/local/node-settings.js';
import { composeOf } from '../deploy/compose.js';
import { PATIENCE_MS } from '../patience.js';
import { loadTestcontainers } from './testcontainers.js';

/** Of the container, for clients that are not on its network. */
export const EXTERNAL_PORT = 19_092;

/**
 * To be started. `host` is how it finds itself, and others on its network find it, at port 9092: an alias, where it has one there.
 * `external`, `host:port`, is where clients elsewhere find its EXTERNAL_PORT.
 */
export async function kafkaContainer(image: string, host: string, external: string): Promise<GenericContainer> {
  const { GenericContainer, Wait } = await loadTestcontainers();
  const { environment = {} } = composeOf('infra/kafka/compose.yaml').services.kafka ?? {};
  return new GenericContainer(image)
    .withEnvironment({
      ...environment,
      ...kafkaEnvironment(settingsOfNodes(1)),
      KAFKA_ADVERTISED_LISTENERS: `INTERNAL://${host}:9092,EXTERNAL://${external}`,
    })
    .withWaitStrategy(Wait.forLogMessage('Kafka Server started'))
    .withStartupTimeout(PATIENCE_MS);
}
