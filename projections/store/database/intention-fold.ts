import type { IntentionPosted } from '../../../src/domain/journal.generated.js';
import type { IntentionView } from '../queries/views.js';
import { GatheringFold } from './gathering-fold.js';

/**
 * Follows one intention through the log, by the very rules by which the store keeps all of them, and without a database.
 *
 * Memory is bounded by the instruments, the participants and the deals in flight.
 */
export class IntentionFold extends GatheringFold {
  constructor(private readonly intentionId: number) {
    super();
  }

  /** The intention as it stands; undefined while the log has not come to it. */
  view(): IntentionView | undefined {
    const { posted, terms, clientIds } = this.intentions;
    const [intention] = posted;
    return intention === undefined ? undefined : this.viewOf(intention, terms, clientIds[0] ?? '');
  }

  override intentionPosted(event: IntentionPosted): void {
    if (event.intentionId === this.intentionId) super.intentionPosted(event);
  }
}
