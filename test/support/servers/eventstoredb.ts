/**
 * Where tests get an EventStoreDB, in this order: PARLEY_TEST_EVENTSTOREDB (`esdb://…`), a container of EventStoreDB or, for its
 * later versions, of KurrentDB. There is none that runs without containers.
 */
import { firstServer, fromEnvironment, type Missing, type TestServer } from '../needs/answer.js';
import { missingEngine, missingImage } from './container-engine.js';

const PORT_IN_CONTAINER = 2113;

/** The name changed with version 25, and that of every setting with it. */
const PRODUCTS = {
  eventstoredb: { image: 'eventstore/eventstore:24.10.0-bookworm-slim', prefix: 'EVENTSTORE' },
  kurrentdb: { image: 'kurrentplatform/kurrentdb:25.1.0', prefix: 'KURRENTDB' },
} as const;

export type EventStoreProduct = keyof typeof PRODUCTS;

/** The connection string of a server may have been given to it for one product only: the environment's counts for EventStoreDB. */
export function findEventStoreDb(product: EventStoreProduct): Promise<TestServer | Missing> {
  const named = product === 'eventstoredb' ? 'PARLEY_TEST_EVENTSTOREDB' : 'PARLEY_TEST_KURRENTDB';
  return firstServer([fromEnvironment(named), () => inContainer(product)]);
}

async function inContainer(product: EventStoreProduct): Promise<TestServer | Missing> {
  const { image, prefix } = PRODUCTS[product];
  const missing = (await missingEngine()) ?? (await missingImage(image));
  if (missing !== undefined) return { missing };
  // Only here: it takes a while to load.
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withEnvironment({ [`${prefix}_INSECURE`]: 'true', [`${prefix}_CLUSTER_SIZE`]: '1' })
    .withExposedPorts(PORT_IN_CONTAINER)
    .withWaitStrategy(Wait.forHttp('/health/live', PORT_IN_CONTAINER).forStatusCode(204))
    .start();
  const address = `esdb://${container.getHost()}:${container.getMappedPort(PORT_IN_CONTAINER)}?tls=false`;
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  return { address, origin: `container of ${image}`, stop };
}
