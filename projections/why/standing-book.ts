import { Pricing, Side } from '../../src/domain/terms.js';
import { crosses } from '../audit/predicates.js';
import { PriceQueue, type QueueLevel } from '../audit/price-queue.js';
import type { Ahead, OtherSide } from './reasons.js';

/** An open intention in its queue. */
export interface Standing {
  readonly id: number;
  readonly participantId: number;
  readonly instrumentId: number;
  readonly side: number;
  readonly pricing: number;
  priceTicks: number;
  leftLots: number;
  /** Position of its IntentionPosted, or of its latest IntentionAmended. */
  placePosition: number;
  level: QueueLevel<Standing> | undefined;
  previous: Standing | undefined;
  next: Standing | undefined;
}

type Sides = readonly [PriceQueue<Standing>, PriceQueue<Standing>];

/** Everything that is open, by instrument and in the order of priority. Memory is bounded by that. */
export class StandingBook {
  private readonly open = new Map<number, Standing>();
  private readonly sides = new Map<number, Sides>();

  get(intentionId: number): Standing | undefined {
    return this.open.get(intentionId);
  }

  add(standing: Standing): void {
    this.open.set(standing.id, standing);
    this.queue(standing.instrumentId, standing.side).add(standing);
  }

  amend(standing: Standing, priceTicks: number, openLots: number, position: number): void {
    const queue = this.queue(standing.instrumentId, standing.side);
    queue.remove(standing);
    standing.priceTicks = priceTicks;
    standing.leftLots = openLots;
    standing.placePosition = position;
    queue.add(standing);
  }

  /** Filled or reduced by so much. Once nothing is left, it is gone. */
  shrink(standing: Standing, byLots: number): void {
    standing.leftLots -= byLots;
    if (standing.leftLots <= 0) this.remove(standing);
  }

  remove(standing: Standing): void {
    this.queue(standing.instrumentId, standing.side).remove(standing);
    this.open.delete(standing.id);
  }

  /** What it finds on the other side. */
  otherSide(standing: Standing): OtherSide {
    const queue = this.queue(standing.instrumentId, standing.side === Side.Buy ? Side.Sell : Side.Buy);
    const { best } = queue;
    let bestLots = 0;
    let reachableLots = 0;
    for (const other of queue.bestFirst()) {
      const isReached = crosses(standing, other);
      if (other.level !== best?.level && !isReached) break;
      if (other.level === best?.level) bestLots += other.leftLots;
      if (isReached) reachableLots += other.leftLots;
    }
    return { bestTicks: best?.pricing === Pricing.Limit ? best.priceTicks : undefined, bestLots, reachableLots };
  }

  /** What stands before it on its own side, of those that `counts` speaks of. */
  ahead(standing: Standing, counts: (other: Standing) => boolean = () => true): Ahead {
    let betterLots = 0;
    let samePriceLots = 0;
    for (const other of this.queue(standing.instrumentId, standing.side).bestFirst()) {
      if (other === standing) break;
      if (!counts(other)) continue;
      if (other.level === standing.level) samePriceLots += other.leftLots;
      else betterLots += other.leftLots;
    }
    return { betterLots, samePriceLots };
  }

  private queue(instrumentId: number, side: number): PriceQueue<Standing> {
    let sides = this.sides.get(instrumentId);
    if (sides === undefined) {
      sides = [new PriceQueue<Standing>(Side.Buy), new PriceQueue<Standing>(Side.Sell)];
      this.sides.set(instrumentId, sides);
    }
    return side === Side.Buy ? sides[0] : sides[1];
  }
}

/** Whether `one` comes before `other`, on the same side. */
export function isBefore(one: Standing, other: Standing): boolean {
  if (one.pricing !== other.pricing) return one.pricing === Pricing.Market;
  if (one.pricing === Pricing.Market || one.priceTicks === other.priceTicks) {
    return one.placePosition < other.placePosition;
  }
  return one.side === Side.Buy ? one.priceTicks > other.priceTicks : one.priceTicks < other.priceTicks;
}
