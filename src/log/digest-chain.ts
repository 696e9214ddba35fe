import { DIGEST_BYTES, toHex } from '../events/bytes.js';
import type { MakeSha256 } from './sha256.js';

/** Stands for the digest before the first batch. */
export const GENESIS_DIGEST: Uint8Array = new Uint8Array(DIGEST_BYTES);

/**
 * The chain of digests: that of a batch is SHA-256 over the digest before it and the canonical bytes of the batch's events other than
 * its BatchSealed. The first batch follows 32 zero bytes.
 */
export class DigestChain {
  private digest = GENESIS_DIGEST;

  constructor(private readonly sha256: MakeSha256) {}

  /** The digest that a batch of these bytes must be sealed with. */
  next(events: Uint8Array): Uint8Array {
    return this.sha256().update(this.digest).update(events).digest();
  }

  /** Goes on from the digest that the log says, so that one altered batch is one finding. */
  advance(sealed: Uint8Array): void {
    this.digest = sealed.slice();
  }

  get hex(): string {
    return toHex(this.digest);
  }
}
