import { Backoff } from '../../src/resilience/backoff.js';
import type { KafkaConnection } from './connection.js';

const PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 1;
const LAST_PAUSE_MS = 20;

/** How long something is asked again for before it counts as failed. */
export function patienceOf({ patienceMs = PATIENCE_MS }: KafkaConnection): number {
  return patienceMs;
}

/** Asks again, after pauses that grow, while the failure may pass and there is patience. Rejects with the last failure. */
export async function patiently<Value>(
  connection: KafkaConnection,
  ask: () => Promise<Value>,
  mayPass: (error: unknown) => boolean,
): Promise<Value> {
  const givenUpAt = performance.now() + patienceOf(connection);
  const backoff = new Backoff({ firstMs: FIRST_PAUSE_MS, lastMs: LAST_PAUSE_MS });
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!mayPass(error) || performance.now() > givenUpAt) throw error;
    }
    await backoff.wait();
  }
}
