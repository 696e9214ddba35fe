/** Holding what somebody kept elsewhere against what an audit found. */
import { parseAnchor } from '../../log/anchor.js';
import type { Source } from '../source/source.js';

/** What a comparison says. `elsewhere`: of another length, so that the log itself must be asked. */
export type Compared =
  | { readonly outcome: 'held' | 'differs'; readonly says: string }
  | { readonly outcome: 'unreadable' | 'notJudged'; readonly says: string };

/** What an audit has looked at. */
export interface AuditedLog {
  readonly shard: number;
  readonly eventCount: number;
  readonly digest: string;
}

/**
 * Compares a digest or an anchor, as `parley anchor` writes it, with an audited log. A digest alone is compared with that of the last
 * batch; an anchor of a position before with that which is sealed there, which the audit has worked out for itself.
 */
export async function compared(
  text: string,
  audited: AuditedLog,
  source: Pick<Source, 'events'>,
  shard: number | undefined,
): Promise<Compared> {
  const { eventCount, digest } = audited;
  const plain = text.trim().toLowerCase();
  const anchor = parseAnchor(plain);
  if (anchor === undefined) {
    if (!/^[0-9a-f]{64}$/.test(plain)) return { outcome: 'unreadable', says: UNREADABLE };
    return plain === digest
      ? { outcome: 'held', says: `It is the digest of the log before position ${eventCount}.` }
      : {
          outcome: 'differs',
          says: `The digest before position ${eventCount} is another one. Is it of the same length?`,
        };
  }
  if (anchor.shard !== undefined && anchor.shard !== audited.shard) {
    return { outcome: 'notJudged', says: `It is of shard ${anchor.shard}, and this audit of shard ${audited.shard}.` };
  }
  if (anchor.position > eventCount) {
    return { outcome: 'notJudged', says: `It is of position ${anchor.position}; this audit ended at ${eventCount}.` };
  }
  const sealed = anchor.position === eventCount ? digest : await sealedBefore(anchor.position, source, shard);
  if (sealed === anchor.digest) return { outcome: 'held', says: `The log holds it at position ${anchor.position}.` };
  const instead = sealed === undefined ? 'no batch ends there' : `the batch that ends there has the digest ${sealed}`;
  return { outcome: 'differs', says: `The log does not hold it: ${instead}.` };
}

const UNREADABLE = 'A digest has 64 hexadecimal digits; an anchor is SHARD/POSITION:DIGEST.';

async function sealedBefore(
  position: number,
  source: Pick<Source, 'events'>,
  shard: number | undefined,
): Promise<string | undefined> {
  const { events } = await source.events({ shard, from: position - 1, until: position, limit: 1 });
  const event = events.find((each) => each.position === position - 1);
  return event?.type === 'BatchSealed' ? String(event.digest) : undefined;
}
