import { setTimeout as sleep } from 'node:timers/promises';
import { withAdmin } from '../admin.js';

/** A node that listens answers before this on a slow machine too; one that does not listen is known at once. */
const ANSWER_MS = 20_000;
/** Far beyond what it takes a slow machine under load. */
const START_TIMEOUT_MS = 240_000;
const POLL_MS = 100;

/** Ids of the nodes that the broker at `address` counts as alive; none while it does not answer. */
export async function knownNodes(address: string): Promise<number[]> {
  try {
    const connection = { brokers: [address], patienceMs: ANSWER_MS };
    const { brokers } = await withAdmin(connection, (admin) => admin.describeCluster());
    return brokers.map(({ nodeId }) => nodeId);
  } catch {
    return [];
  }
}

export interface StartingNode {
  readonly id: number;
  /** Where the others reach it. */
  readonly internalAddress: string;
  readonly isRunning: boolean;
  /** What it wrote last, for the message of an error. */
  lastWords(): string;
}

/**
 * Resolves when each of these nodes counts all of them in one look. Not each in a look of its own: a node whose registration is late
 * sends it again, and is not counted, after it was, until its next heartbeat. Throws where one has ended, or they take longer than any
 * machine needs. `ask`: tests have their own nodes.
 */
export async function whenAllCount(nodes: readonly StartingNode[], ask = knownNodes, pollMs = POLL_MS): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const counted = await Promise.all(nodes.map(({ internalAddress }) => ask(internalAddress)));
    if (counted.every((known) => nodes.every(({ id }) => known.includes(id)))) return;
    const ended = nodes.find(({ isRunning }) => !isRunning);
    if (ended !== undefined) throw new Error(`Kafka’s node ${ended.id} has ended:\n${ended.lastWords()}`);
    if (performance.now() > deadline)
      throw new Error(`Kafka does not answer:\n${nodes.map((node) => node.lastWords()).join('\n')}`);
    await sleep(pollMs);
  }
}
