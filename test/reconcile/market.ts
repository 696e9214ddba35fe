/** The market of the rig: whole numbers, so that sums are exact. */
import type { ParleyClient } from '../../src/client/index.js';

export const symbols = ['ACME', 'BOLT'] as const;
export const participants = ['alice', 'bob', 'carol'] as const;

export async function list(client: ParleyClient): Promise<void> {
  for (const symbol of symbols) await client.putInstrument(symbol, { tickSize: '1', lotSize: '1' });
}
