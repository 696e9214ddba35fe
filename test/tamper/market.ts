/** The market of the rounds: its instruments and participants, and how it is read over HTTP. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Deal, type Intention, ParleyClient, ParleyError } from '../../src/client/index.js';
import { PATIENCE_MS } from '../support/patience.js';

export const symbols = ['ACME', 'BOLT'] as const;
export const participants = ['ann', 'bob', 'cat', 'dan'] as const;
const MOST_READ = 1_000;
const ATTEMPTS = 15;
const ASK_AGAIN_MS = 100;
/** Nothing can be said just now, as by a member whose shards are not served yet. */
const NOT_YET = 503;

/** A client of a server that is well: many tries, as long as each may take. */
export function clientOf(url: string, attempts = ATTEMPTS): ParleyClient {
  return new ParleyClient({ url, retry: { attempts }, timeoutMs: PATIENCE_MS });
}

/**
 * What a call comes to that its client does not repeat by itself: asked again for as long as the answer is that the shard is not served
 * yet. What was done at a try that said so is not done again, but refused.
 */
export async function onceServed<Value>(call: () => Promise<Value>): Promise<Value> {
  for (const startedMs = performance.now(); ; await sleep(ASK_AGAIN_MS)) {
    try {
      return await call();
    } catch (error) {
      const isNotYet = error instanceof ParleyError && error.status === NOT_YET;
      if (!isNotYet || performance.now() - startedMs > PATIENCE_MS) throw error;
    }
  }
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
