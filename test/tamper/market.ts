/** The market that the rounds are about: who trades what, and how it is read. */
import { type Deal, type Intention, ParleyClient } from '../../src/client/index.js';
import { PATIENCE_MS } from '../support/patience.js';

export const symbols = ['ACME', 'BOLT'] as const;
export const participants = ['ann', 'bob', 'cat', 'dan'] as const;
const MOST_READ = 1_000;
const ATTEMPTS = 15;

/** A client of a server that is well: many tries, as long as each may take. */
export function clientOf(url: string, attempts = ATTEMPTS): ParleyClient {
  return new ParleyClient({ url, retry: { attempts }, timeoutMs: PATIENCE_MS });
}

export async function listInstruments(client: ParleyClient): Promise<void> {
  for (const symbol of symbols) await client.putInstrument(symbol, { tickSize: '1', lotSize: '1' });
}

/** All intentions, by their ids, and all deals, in order. */
export async function readMarket(
  client: ParleyClient,
): Promise<{ readonly intentions: ReadonlyMap<string, Intention>; readonly deals: readonly Deal[] }> {
  const intentions = new Map<string, Intention>();
  for (const participant of participants) {
    for (const each of await client.intentions({ participant, limit: MOST_READ })) intentions.set(each.id, each);
  }
  return { intentions, deals: await client.deals({ after: 0, limit: MOST_READ }) };
}
