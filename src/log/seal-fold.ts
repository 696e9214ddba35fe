import { Fold } from '../events/fold.js';

/** Hears how a batch is sealed. */
export class SealFold extends Fold {
  /** A view on the batch's own memory; undefined while no seal has been heard. */
  sealed: Uint8Array | undefined;

  override batchSealed(_revision: number, digest: Uint8Array): void {
    this.sealed = digest;
  }
}
