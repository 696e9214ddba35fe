/**
 * Opens a shard's stream for writing: looks whether all of it is there, asks whether it may be claimed, and puts a claim behind its last
 * record, even while another program writes. What was removed while it did so is found after the claim.
 */
import { randomUUID } from 'node:crypto';
import type { FoundLog, LogWriter } from '../../src/log/port.js';
import type { Logger } from '../../src/resilience/logger.js';
import { CLAIM, headAfter, proposedRecord, type StoredRecord } from './record.js';
import type { ShardStream } from './shard-stream.js';
import { store } from './storing.js';
import { type Claim, EventStoreWriter } from './writer.js';

export interface Opening {
  readonly stream: ShardStream;
  readonly appendBytes: number;
  readonly log: Logger | undefined;
  /** Ids of the claims that were tried through this log: one whose outcome was unknown is nobody else's. */
  readonly ownClaims: Set<string>;
  /** Called before anything is claimed; again only if the stream has become shorter since, or has a newer writer. */
  readonly admit: (found: Pick<FoundLog, 'head' | 'epoch'>) => Promise<void>;
}

/** A busy older writer is quicker about every other time, so this many misses do not happen by chance. */
const MOST_ATTEMPTS = 1_000;

export async function openForWriting(opening: Opening): Promise<LogWriter> {
  const { stream, appendBytes, log, ownClaims, admit } = opening;
  let admitted = { head: Infinity, epoch: -1 };
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const { last } = await stream.look();
    const claim = claimAfter(last);
    const isOwn = last?.type === CLAIM && ownClaims.has(last.id);
    const found = { head: claim.head, epoch: isOwn ? 0 : claim.epoch - 1 };
    if (found.head < admitted.head || found.epoch > admitted.epoch) await admit(found);
    admitted = found;
    const place = { position: claim.head, batch: claim.head, epoch: claim.epoch };
    const record = proposedRecord(claim.id, CLAIM, { epoch: claim.epoch, head: claim.head }, place);
    ownClaims.add(claim.id);
    const outcome = await store(stream, [record], claim.revision - 1);
    if (outcome.kind === 'unknown') throw outcome.failure;
    if (outcome.kind === 'taken') continue;
    if (last !== undefined && last.type !== CLAIM && last.position >= claim.head) {
      log?.warn({ stream: stream.name, head: claim.head }, 'a batch without its end is void from here on');
    }
    await stream.look();
    return new EventStoreWriter(stream, appendBytes, claim);
  }
  throw new Error(`${stream.name}: ${MOST_ATTEMPTS} claims came too late: two programs open this log again and again`);
}

function claimAfter(last: StoredRecord | undefined): Claim {
  const id = randomUUID();
  if (last === undefined) return { id, epoch: 1, head: 0, revision: 0 };
  return { id, epoch: last.epoch + 1, head: headAfter(last), revision: last.revision + 1 };
}
