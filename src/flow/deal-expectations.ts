import type { Findings } from './findings.js';
import type { DealMade } from './outcome.js';
import type { FlowStep } from './step.js';

/** Compares the step's `deal` lines, in order, with the deals made. Returns how many lines there were. */
export function checkDealLines(step: FlowStep, made: readonly DealMade[], findings: Findings): number {
  let count = 0;
  for (const { lineNumber, expected } of step.expectations) {
    if (expected.kind !== 'deal') continue;
    const deal = made[count];
    count += 1;
    if (deal !== undefined && sameDeal(deal, expected)) findings.held('deal');
    else findings.failed('deal', lineNumber, shownDeal(expected), deal === undefined ? 'no deal' : shownDeal(deal));
  }
  return count;
}

/** Checks that nothing was dealt beyond the first `listedCount` deals. */
export function checkNoFurtherDeal(
  step: FlowStep,
  made: readonly DealMade[],
  listedCount: number,
  findings: Findings,
): void {
  const surplus = made[listedCount];
  if (surplus === undefined) return findings.held('noDeal');
  const moreCount = made.length - listedCount - 1;
  const more = moreCount === 0 ? '' : `, and ${moreCount} more`;
  const expected = listedCount === 0 ? 'no deal' : `no deal after the ${listedCount} listed`;
  findings.failed('noDeal', step.lineNumber, expected, `${shownDeal(surplus)}${more}`);
}

function sameDeal(one: DealMade, other: DealMade): boolean {
  return (
    one.maker === other.maker &&
    one.taker === other.taker &&
    one.price === other.price &&
    one.quantity === other.quantity
  );
}

function shownDeal(deal: DealMade): string {
  return `deal ${deal.taker} ${deal.maker} ${deal.price} ${deal.quantity}`;
}
