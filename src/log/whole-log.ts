import { readEvent } from '../events/codec.generated.js';
import type { EventBatch } from '../events/fold.js';
import { DigestChain } from './digest-chain.js';
import { DamagedLogError, type FoundLog } from './port.js';
import { SealFold } from './seal-fold.js';

/** A batch with where its medium says that it stands, if that is made of files and frames. */
type PlacedBatch = EventBatch & { readonly file?: string; readonly byte?: number; readonly frame?: number };

/**
 * Reads a log from its first event up to its head and sees whether each batch is sealed with the digest of all that stands before it.
 * Batches of another log in the place of its own are whole, and nothing else gives them away. Throws DamagedLogError, and
 * DamagedEventError for bytes that are no event.
 */
export async function mustBeOneChain({ log, head }: Pick<FoundLog, 'log' | 'head'>): Promise<void> {
  if (head === 0) return;
  const chain = new DigestChain();
  for await (const batch of log.read(0)) {
    const end = batch.firstPosition + batch.count;
    const { start, sealed } = sealOf(batch);
    const digest = chain.next(batch.bytes.subarray(0, start));
    if (digest.some((byte, at) => byte !== sealed[at])) {
      throw damaged(batch, `the batch before position ${end} was sealed after others than those before it`);
    }
    chain.advance(sealed);
    if (end >= head) return;
  }
}

/** Where the last event of a batch begins, which must be its seal, and the digest that it says. */
function sealOf(batch: PlacedBatch): { readonly start: number; readonly sealed: Uint8Array } {
  const cursor = { bytes: batch.bytes, at: 0, end: batch.bytes.length };
  const fold = new SealFold();
  let start = 0;
  while (cursor.at < cursor.end) {
    start = cursor.at;
    fold.sealed = undefined;
    readEvent(cursor, fold);
  }
  if (fold.sealed === undefined)
    throw damaged(batch, `the batch from position ${batch.firstPosition} on is not sealed`);
  return { start, sealed: fold.sealed };
}

function damaged({ file = 'the log', byte = 0, frame = 0 }: PlacedBatch, what: string): DamagedLogError {
  return new DamagedLogError(what, { file, byte, frame });
}
