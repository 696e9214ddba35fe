import type { StoredIntention } from '../queries/open-intentions.js';
import { intentionFromRow, type IntentionView } from '../queries/views.js';
import { StoreFold } from './store-fold.js';

/** Follows intentions by the very rules by which the store keeps them, without a database: for folds that show some of a log’s. */
export abstract class GatheringFold extends StoreFold {
  /** An intention as it stands. `terms` and `clientId`: what was written of it when it was posted. */
  protected viewOf(intention: StoredIntention, [id = 0, ...terms]: readonly number[], clientId: string): IntentionView {
    const row = [id, clientId, ...terms];
    intention.putState(row, row.length);
    return intentionFromRow(this.directory, row);
  }

  protected override confirmed(): void {
    // Deals show in the settlements of their intentions.
  }

  protected override aborted(): void {
    // Likewise.
  }
}
