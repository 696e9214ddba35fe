import type { LimitsSet, OpenBatch, PostRefused, SwitchSet } from '../journal.generated.js';
import type { Market } from '../market.js';

type Terms<Event> = Omit<Event, 'revision'>;

/** Where limits and switches are recorded; the rest is recorder.ts. */
export class RiskRecorder {
  constructor(
    readonly market: Market,
    /** The open batch. Its owner changes it when a batch is closed. */
    public journal: OpenBatch,
    public position: number,
  ) {}

  switchSet(terms: Terms<SwitchSet>): void {
    const event = { revision: this.market.shardRevision, ...terms };
    this.journal.switchSet(event);
    this.market.applySwitchSet(event);
    this.position++;
  }

  switchLapsed(participantId: number, atMs: number): void {
    const event = { revision: this.market.shardRevision, participantId, atMs };
    this.journal.switchLapsed(event);
    this.market.applySwitchLapsed(event, this.position);
    this.position++;
  }

  limitsSet(terms: Terms<LimitsSet>): void {
    const event = { revision: this.market.shardRevision, ...terms };
    this.journal.limitsSet(event);
    this.market.applyLimitsSet(event, this.position);
    this.position++;
  }

  postRefused(terms: Terms<PostRefused>): void {
    const event = { revision: this.market.shardRevision, ...terms };
    this.journal.postRefused(event);
    this.market.applyPostRefused(event);
    this.position++;
  }
}
