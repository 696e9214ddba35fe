import { pause } from '../../../src/resilience/pause.js';

const LOOK_MS = 100;
const PATIENCE_MS = 60_000;

/** Looks until there is something; rejects when it has taken too long. */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<Value> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() > endMs) throw new Error(`${what} did not come in ${patienceMs} ms`);
    await pause(LOOK_MS);
  }
}
