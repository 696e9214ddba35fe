import type { IntentionPosted } from '../../../src/domain/journal.generated.js';
import { StoreFold } from './store-fold.js';
import { intentionFromRow, type IntentionView } from '../queries/views.js';

/**
 * Follows one intention through the log, by the very rules by which the store keeps all of them, and without a database.
 *
 * Memory is bounded by the instruments, the participants and the deals in flight.
 */
export class IntentionFold extends StoreFold {
  constructor(private readonly intentionId: number) {
    super();
  }

  /** The intention as it stands; undefined while the log has not come to it. */
  view(): IntentionView | undefined {
    const intention = this.intentions.posted[0];
    if (intention === undefined) return undefined;
    const row = [...this.intentions.terms];
    intention.pushState(row);
    return intentionFromRow(this.directory, row);
  }

  override intentionPosted(event: IntentionPosted): void {
    if (event.intentionId === this.intentionId) super.intentionPosted(event);
  }

  protected override confirmed(): void {
    // Others' deals are of no interest, and its own show in its settlements.
  }

  protected override aborted(): void {
    // Likewise.
  }
}
