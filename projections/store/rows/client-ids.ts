import type { Postings, PostingsWriter } from './postings.js';
import { Kind } from './postings.js';

/** Where the ids of clients are found: so many intentions share a table of BUCKETS rows. */
const INTENTIONS = 2 ** 18;
const BUCKETS = 2 ** 10;
/** What else of a hash is compared before the intention itself is looked at. */
const CHECKS = 2 ** 14;

/** To be called for each intention in the order of their ids. */
export function indexClientId(
  postings: PostingsWriter,
  participantId: number,
  clientId: string,
  intentionId: number,
): void {
  const hash = hashOf(participantId, clientId);
  const check = Math.floor(hash / BUCKETS) % CHECKS;
  const low = intentionId % INTENTIONS;
  postings.add(Kind.ClientId, Math.floor(intentionId / INTENTIONS), hash % BUCKETS, check * INTENTIONS + low);
}

/** The intentions that may have the id, in the order of their ids, among those from the first up to the last that there are. */
export function* withClientId(
  postings: Postings,
  [participantId, clientId]: readonly [number, string],
  [first, last]: readonly [number, number],
): Generator<number> {
  const hash = hashOf(participantId, clientId);
  const check = Math.floor(hash / BUCKETS) % CHECKS;
  for (let table = Math.floor(first / INTENTIONS); table <= Math.floor(last / INTENTIONS); table++) {
    for (const entry of postings.entries(Kind.ClientId, table, hash % BUCKETS)) {
      if (Math.floor(entry / INTENTIONS) === check) yield table * INTENTIONS + (entry % INTENTIONS);
    }
  }
}

/** FNV-1a over both. */
function hashOf(participantId: number, clientId: string): number {
  let hash = Math.imul(2_166_136_261 ^ participantId, 16_777_619);
  for (let at = 0; at < clientId.length; at++) hash = Math.imul(hash ^ clientId.charCodeAt(at), 16_777_619);
  return (hash ^ (hash >>> 15)) >>> 0;
}
