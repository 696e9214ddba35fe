import type { EventBatch } from '../events/fold.js';
import { possibleSeals } from '../events/seal.js';
import { GENESIS_DIGEST } from './digest-chain.js';
import { isSealedWith } from './node-sha256.js';
import { DamagedLogError, type FoundLog } from './port.js';

/** A batch with where its medium says that it stands, if that is made of files and frames. */
type PlacedBatch = EventBatch & { readonly file?: string; readonly byte?: number; readonly frame?: number };

/**
 * Reads a log from its first event up to a position and sees whether each batch is sealed with the digest of all that stands before it.
 * Batches of another log in the place of its own are whole, and nothing else gives them away. Throws DamagedLogError. No event but the
 * seals is read: a digest that fits vouches for the bytes. Ends early when aborted, and has proved nothing then.
 */
export async function mustBeOneChain(
  { log, head }: Pick<FoundLog, 'log' | 'head'>,
  signal?: AbortSignal,
): Promise<void> {
  if (head === 0) return;
  let digest = GENESIS_DIGEST;
  for await (const batch of log.read(0)) {
    digest = mustFollow(digest, batch).slice();
    if (batch.firstPosition + batch.count >= head || signal?.aborted === true) return;
  }
}

/** The digest of a batch, a view on its memory, which must be that of the batch and of all before it, of which the digest is given. */
export function mustFollow(before: Uint8Array, batch: PlacedBatch): Uint8Array {
  const { bytes, firstPosition, count } = batch;
  const seals = possibleSeals(bytes);
  const right = seals.find(({ start, digest }) => isSealedWith(digest, before, bytes.subarray(0, start)));
  if (right !== undefined) return right.digest;
  throw seals.length === 0
    ? damaged(batch, `the batch from position ${firstPosition} on is not sealed`)
    : damaged(batch, `the batch before position ${firstPosition + count} was sealed after others than those before it`);
}

function damaged({ file = 'the log', byte = 0, frame = 0 }: PlacedBatch, what: string): DamagedLogError {
  return new DamagedLogError(what, { file, byte, frame });
}
