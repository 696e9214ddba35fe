import type { IntentionPosted } from '../../../src/domain/journal.generated.js';
import { sideNames } from '../../../src/domain/terms.js';
import { nameOf } from '../../directory/views.js';
import type { StoredIntention } from '../queries/open-intentions.js';
import type { IntentionsQuery } from '../queries/query-terms.js';
import type { IntentionView } from '../queries/views.js';
import { GatheringFold } from './gathering-fold.js';
import { Status, statusNames } from './status.js';

/** As many that are closed are forgotten together, where only the open ones are wanted. */
const SWEPT = 10_000;

interface Kept {
  readonly intention: StoredIntention;
  readonly terms: readonly number[];
  readonly clientId: string;
}

/**
 * Gathers the intentions of a log that a query asks for, by the very rules by which the store keeps all of them, and without a database.
 *
 * Memory is bounded by those that are wanted, of whatever status; where only the open ones are, by these and SWEPT more.
 */
export class IntentionsFold extends GatheringFold {
  private readonly kept = new Map<number, Kept>();
  private sweepAt = SWEPT;

  constructor(private readonly wanted: Omit<IntentionsQuery, 'after' | 'limit'>) {
    super();
  }

  /** How many are kept, wanted or not yet forgotten. */
  get keptCount(): number {
    return this.kept.size;
  }

  /** As they stand, in the order in which they were posted, which is that of their ids. */
  views(): readonly IntentionView[] {
    const { status } = this.wanted;
    const kept = [...this.kept.values()];
    return kept
      .filter(({ intention }) => status === undefined || statusNames[intention.status] === status)
      .map(({ intention, terms, clientId }) => this.viewOf(intention, terms, clientId));
  }

  override intentionPosted(event: IntentionPosted): void {
    if (!this.isWanted(event)) return;
    super.intentionPosted(event);
    const terms = this.intentions.terms.splice(0);
    const [clientId = ''] = this.intentions.clientIds.splice(0);
    const [intention] = this.intentions.posted.splice(0);
    if (intention !== undefined) this.kept.set(event.intentionId, { intention, terms, clientId });
    if (this.wanted.status === 'open' && this.kept.size >= this.sweepAt) this.sweep();
  }

  private isWanted({ participantId, instrumentId, side }: IntentionPosted): boolean {
    const { participant, instrument, side: wantedSide } = this.wanted;
    if (participant !== undefined && this.directory.participantId(participant) !== participantId) return false;
    if (wantedSide !== undefined && nameOf(sideNames, side) !== wantedSide) return false;
    return instrument === undefined || this.directory.instrumentBySymbol(instrument)?.instrumentId === instrumentId;
  }

  private sweep(): void {
    this.intentions.closed.length = 0;
    for (const [id, { intention }] of this.kept) if (intention.status !== Status.Open) this.kept.delete(id);
    this.sweepAt = this.kept.size + SWEPT;
  }
}
