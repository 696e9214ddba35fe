/**
 * Where tests get an EventStoreDB, in this order: PARLEY_TEST_EVENTSTOREDB (`esdb://…`), a container of EventStoreDB or, for its
 * later versions, of KurrentDB. There is none that runs without containers.
 */
import { missingEngine } from './container-engine.js';
import { ended, firstServer, fromEnvironment, type NoServer, type TestServer } from './test-server.js';

const PORT_IN_CONTAINER = 2113;

/** The name changed with version 25, and that of every setting with it. */
const PRODUCTS = {
  eventstoredb: { image: 'eventstore/eventstore:24.10.0-bookworm-slim', prefix: 'EVENTSTORE' },
  kurrentdb: { image: 'kurrentplatform/kurrentdb:25.1.0', prefix: 'KURRENTDB' },
} as const;

export type EventStoreProduct = keyof typeof PRODUCTS;

/** The connection string of a server may have been given to it for one product only: the environment's counts for EventStoreDB. */
export function findEventStoreDb(product: EventStoreProduct = 'eventstoredb'): Promise<TestServer | NoServer> {
  const named = product === 'eventstoredb' ? 'PARLEY_TEST_EVENTSTOREDB' : 'PARLEY_TEST_KURRENTDB';
  return firstServer([fromEnvironment(named), () => inContainer(product)]);
}

async function inContainer(product: EventStoreProduct): Promise<TestServer | NoServer> {
  const missing = await missingEngine();
  if (missing !== undefined) return { missing };
  const { image, prefix } = PRODUCTS[product];
  // Only here: it takes a while to load.
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withEnvironment({ [`${prefix}_INSECURE`]: 'true', [`${prefix}_CLUSTER_SIZE`]: '1' })
    .withExposedPorts(PORT_IN_CONTAINER)
    .withWaitStrategy(Wait.forHttp('/health/live', PORT_IN_CONTAINER).forStatusCode(204))
    .start();
  const address = `esdb://${container.getHost()}:${container.getMappedPort(PORT_IN_CONTAINER)}?tls=false`;
  return { address, origin: `container of ${image}`, stop: () => ended(container.stop()) };
}
