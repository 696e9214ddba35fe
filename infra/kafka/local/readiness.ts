import { setTimeout as sleep } from 'node:timers/promises';
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

export interface Counting {
  /** Internal addresses of the nodes that are asked. */
  readonly addresses: readonly string[];
  /** Those that each of them must count. */
  readonly ids: readonly number[];
  /** Throws where there is nothing to wait for any more. */
  readonly check: () => void;
  /** Tests have their own nodes. */
  readonly ask?: (address: string) => Promise<number[]>;
  readonly pollMs?: number;
}

/**
 * Resolves when all of them count all in one look. Not each in a look of its own: a node whose registration is late sends it again,
 * and is not counted, after it was, until its next heartbeat.
 */
export async function whenAllCount({ addresses, ids, check, ask = knownNodes, pollMs = 100 }: Counting): Promise<void> {
  for (;;) {
    const counted = await Promise.all(addresses.map((address) => ask(address)));
    if (counted.every((known) => ids.every((id) => known.includes(id)))) return;
    check();
    await sleep(pollMs);
  }
}
