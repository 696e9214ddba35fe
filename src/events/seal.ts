import { ByteCursor, CONTROL_BYTES, DIGEST_BYTES, lengthBits, takeControl } from './bytes.js';

/** A BatchSealed in the bytes of a batch. */
export interface Seal {
  /** Where it begins: the digest is of all that stands before. */
  readonly start: number;
  /** A view on the batch's own memory. */
  readonly digest: Uint8Array;
}

/** Of BatchSealed in the catalogue; the control word of the event's only integer, its revision, says how long that is. */
export const SEAL_CODE = 2;
const LONGEST_REVISION = 7;

/**
 * The seals that may end a batch, found from behind, so that no other event need be read; nearly always one. What stands before is any
 * bytes, so more than one place may look like a seal: the right one is that whose digest is of what stands before it.
 */
export function possibleSeals(bytes: Uint8Array): readonly Seal[] {
  const seals: Seal[] = [];
  const end = bytes.length;
  const digestAt = end - DIGEST_BYTES;
  for (let length = 1; length <= LONGEST_REVISION; length++) {
    const start = digestAt - length - CONTROL_BYTES;
    if (start < 0 || bytes[start] !== SEAL_CODE) continue;
    const isSeal = takeControl(new ByteCursor(bytes, start)) === (SEAL_CODE | lengthBits(0, length));
    if (isSeal) seals.push({ start, digest: bytes.subarray(digestAt) });
  }
  return seals;
}
