import { createHash } from 'node:crypto';
import { DIGEST_BYTES, toHex } from '../events/bytes.js';

/**
 * The chain of digests: that of a batch is SHA-256 over the digest before it and the canonical bytes of the batch's events other than
 * its BatchSealed. The first batch follows 32 zero bytes.
 */
export class DigestChain {
  private digest: Uint8Array = new Uint8Array(DIGEST_BYTES);

  /** The digest that a batch of these bytes must be sealed with. */
  next(events: Uint8Array): Uint8Array {
    return createHash('sha256').update(this.digest).update(events).digest();
  }

  /** Goes on from the digest that the log says, so that one altered batch is one finding. */
  advance(sealed: Uint8Array): void {
    this.digest = sealed.slice();
  }

  get hex(): string {
    return toHex(this.digest);
  }
}
