import { setTimeout as sleep } from 'node:timers/promises';
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
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (!mayPass(error) || performance.now() > givenUpAt) throw error;
    }
    await sleep(pauseMs);
  }
}
