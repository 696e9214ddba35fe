import type { Findings } from './findings.js';
import type { DealMade, Outcome } from '../play/outcome.js';
import type { FlowStep } from '../step.js';

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

/** The command is taken and makes this deal, and no other. */
export function checkExecution(line: number, recorded: DealMade, outcome: Outcome, findings: Findings): void {
  const { deals, refused } = outcome;
  const [first] = deals;
  if (first !== undefined && deals.length === 1 && sameDeal(first, recorded)) return findings.held('execution');
  if (first === undefined) findings.tally.executionsNotMade += 1;
  const shown = deals.slice(0, SHOWN_DEALS).map(shownDeal);
  if (deals.length > SHOWN_DEALS) shown.push(`and ${deals.length - SHOWN_DEALS} more`);
  const nothing = refused === undefined ? 'no deal' : `refused ${refused}`;
  findings.failed('execution', line, shownDeal(recorded), shown.length === 0 ? nothing : shown.join(', '));
}

/** Of the deals that an execution made instead of its own. */
const SHOWN_DEALS = 3;

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
