import type * as Recorded from '../../src/domain/journal.generated.js';
import { NoopHandler } from '../../src/events/handlers.generated.js';
import { Outcome } from '../../src/domain/terms.js';
import type { ReadModel } from '../model/read-model.js';
import type { StandingTerms } from './chart.js';

/**
 * Knows every open intention and nothing of the others, so that the folds that extend it can say on what terms two sides met.
 * Memory is bounded by what is open.
 */
export class StandingFold extends NoopHandler {
  /** By id, in no particular order. */
  protected readonly open = new Map<number, StandingTerms>();

  /** Goes on from a moment in which no deal is in flight, as if it had seen all before it. */
  begin({ position, atMs, intentions }: ReadModel): void {
    this.position = position;
    this.atMs = atMs;
    for (const each of intentions.open()) {
      const { id, participantId, instrumentId, side, pricing, timeInForce, priceTicks, placePosition } = each;
      this.open.set(id, {
        ...{ id, participantId, instrumentId, side, pricing, timeInForce, priceTicks, placePosition },
        leftLots: each.quantityLots - each.filledLots,
        isAmended: placePosition !== each.postedPosition,
      });
    }
  }

  protected standing(intentionId: number): StandingTerms | undefined {
    return this.open.get(intentionId);
  }

  override intentionPosted(event: Recorded.IntentionPosted): void {
    const { intentionId: id, participantId, instrumentId, side, pricing } = event;
    // In one literal: spreading costs more than all the rest, and every intention of the log comes by.
    this.open.set(id, {
      id,
      participantId,
      instrumentId,
      side,
      pricing,
      timeInForce: event.timeInForce,
      priceTicks: event.priceTicks,
      leftLots: event.quantityLots,
      placePosition: this.position,
      isAmended: false,
    });
  }

  override dealSettled({ intentionId: id, outcome, quantityLots: lots }: Recorded.DealSettled): void {
    if (outcome === Outcome.Confirmed) this.shrink(id, lots);
  }

  override intentionReduced({ intentionId: id, byLots }: Recorded.IntentionReduced): void {
    this.shrink(id, byLots);
  }

  private shrink(id: number, byLots: number): void {
    const terms = this.open.get(id);
    if (terms === undefined) return;
    terms.leftLots -= byLots;
    if (terms.leftLots <= 0) this.open.delete(id);
  }

  override intentionAmended({ intentionId: id, priceTicks, openLots }: Recorded.IntentionAmended): void {
    const terms = this.open.get(id);
    if (terms === undefined) return;
    terms.priceTicks = priceTicks;
    terms.leftLots = openLots;
    terms.placePosition = this.position;
    terms.isAmended = true;
  }

  override intentionWithdrawn({ intentionId: id }: Recorded.IntentionWithdrawn): void {
    this.open.delete(id);
  }

  override intentionExpired({ intentionId: id }: Recorded.IntentionExpired): void {
    this.open.delete(id);
  }
}
