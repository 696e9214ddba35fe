/**
 * Where tests get an EventStoreDB, in this order: PARLEY_TEST_EVENTSTOREDB (`esdb://…`), a container of EventStoreDB or, for its
 * later versions, of KurrentDB. There is none that runs without containers.
 */
import { firstServer, fromEnvironment, type Missing, type TestServer } from '../needs/answer.js';
import { imageFor, missingEngine } from './container-engine.js';
import { loadTestcontainers } from './testcontainers.js';

const PORT_IN_CONTAINER = 2113;

/** The name changed with version 25, and that of every setting with it. */
const PREFIXES = { eventstoredb: 'EVENTSTORE', kurrentdb: 'KURRENTDB' } as const;

export type EventStoreProduct = keyof typeof PREFIXES;

/** The connection string of a server may have been given to it for one product only: the environment's counts for EventStoreDB. */
export function findEventStoreDb(product: EventStoreProduct): Promise<TestServer | Missing> {
  const named = product === 'eventstoredb' ? 'PARLEY_TEST_EVENTSTOREDB' : 'PARLEY_TEST_KURRENTDB';
  return firstServer([fromEnvironment(named), () => inContainer(product)]);
}

async function inContainer(product: EventStoreProduct): Promise<TestServer | Missing> {
  const prefix = PREFIXES[product];
  const missing = await missingEngine();
  if (missing !== undefined) return { missing };
  const found = await imageFor(product);
  if ('missing' in found) return found;
  const { image } = found;
  const { GenericContainer, Wait } = await loadTestcontainers();
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
