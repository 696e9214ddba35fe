import { Kafka, logLevel } from 'kafkajs';
import '../request-queue.js';

/** A node that listens answers before this on a slow machine too; one that does not listen is known at once. */
const TIMEOUT_MS = 20_000;

/** Ids of the nodes that the broker at `address` counts as alive; none while it does not answer. */
export async function knownNodes(address: string): Promise<number[]> {
  const client = new Kafka({
    brokers: [address],
    connectionTimeout: TIMEOUT_MS,
    requestTimeout: TIMEOUT_MS,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.map(({ nodeId }) => nodeId);
  } catch {
    return [];
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
