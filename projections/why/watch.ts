import { Pricing, Side } from '../../src/domain/terms.js';
import { crosses } from '../audit/checks/predicates.js';
import type { Reason, ReasonOf, Tally } from './reasons.js';
import type { StandingTerms } from '../handshake/chart.js';
import { isBefore } from './surroundings.js';

/**
 * What passes by while an intention stands at rest: how close the other side comes to its limit, and who deals with those who would
 * have dealt with it. Of whatever length that time is, it keeps a handful of numbers.
 */
export class Watch {
  private closest: ReasonOf<'closest'> | undefined;
  private taken: Tally | undefined;
  private overtaken: Tally | undefined;

  constructor(private readonly target: StandingTerms) {}

  /** A limit on the other side, in continuous trading. */
  onOtherLimit(priceTicks: number, position: number): void {
    const { target } = this;
    if (target.pricing === Pricing.Market) return;
    const shortTicks = target.side === Side.Buy ? priceTicks - target.priceTicks : target.priceTicks - priceTicks;
    if (shortTicks <= 0 || (this.closest !== undefined && this.closest.shortTicks <= shortTicks)) return;
    this.closest = { kind: 'closest', position, priceTicks, shortTicks };
  }

  /** Two others dealt, in continuous trading. */
  onDeal(one: StandingTerms, other: StandingTerms, lots: number, position: number): void {
    const { target } = this;
    if (one.instrumentId !== target.instrumentId) return;
    const [rival, partner] = one.side === target.side ? [one, other] : [other, one];
    if (!isBefore(rival, target) || !crosses(target, partner)) return;
    if (rival.placePosition > target.placePosition) this.overtaken = added(this.overtaken, lots, position);
    else this.taken = added(this.taken, lots, position);
  }

  reasons(): Reason[] {
    const reasons: Reason[] = [];
    if (this.closest !== undefined) reasons.push(this.closest);
    if (this.taken !== undefined) reasons.push({ kind: 'taken', ...this.taken });
    if (this.overtaken !== undefined) reasons.push({ kind: 'overtaken', ...this.overtaken });
    return reasons;
  }
}

function added(tally: Tally | undefined, lots: number, position: number): Tally {
  if (tally === undefined) return { lots, deals: 1, firstPosition: position, position };
  return { lots: tally.lots + lots, deals: tally.deals + 1, firstPosition: tally.firstPosition, position };
}
