import { checkDealLines, checkNoFurtherDeal } from './deal-expectations.js';
import type { Findings } from './findings.js';
import type { FillLine } from '../script/flow-line.js';
import type { AuctionMade, Outcome } from '../play/outcome.js';
import type { AuctionRun, FlowStep } from '../step.js';

/** Compares an auction with its `uncross` line, and with the `deal` and `fill` lines after it, where there are any. */
export function checkAuction(step: FlowStep, run: AuctionRun, outcome: Outcome, findings: Findings): void {
  const { auction } = outcome;
  const price = auction?.price ?? 0;
  const got = auction === undefined ? `refused ${outcome.refused ?? ''}` : `uncross ${price} ${auction.volume}`;
  if (auction !== undefined && price === run.price && auction.volume === run.volume) findings.held('uncross');
  else findings.failed('uncross', step.lineNumber, `uncross ${run.price} ${run.volume}`, got.trimEnd());

  if (step.expectations.some(({ expected }) => expected.kind === 'deal')) {
    const made = (auction?.deals ?? []).map((deal) => ({ ...deal, taker: deal.buyer, maker: deal.seller }));
    checkNoFurtherDeal(step, made, checkDealLines(step, made, findings), findings);
  }
  if (step.expectations.some(({ expected }) => expected.kind === 'fill')) checkFills(step, run, auction, findings);
}

/**
 * Every `fill` line is what its intention dealt in all, at the auction's price, however it was paired; and no other
 * intention dealt. Market intentions need not be named: a venue that does not show them tells nothing of their fills.
 */
function checkFills(step: FlowStep, run: AuctionRun, auction: AuctionMade | undefined, findings: Findings): void {
  const filled = totals(auction);
  const named = new Set<string>();
  for (const { lineNumber, expected } of step.expectations) {
    if (expected.kind !== 'fill') continue;
    named.add(expected.id);
    const fill = filled.get(expected.id);
    if (fill?.quantity === expected.quantity && fill.price === expected.price) findings.held('fill');
    else findings.failed('fill', lineNumber, shownFill(expected), fill === undefined ? 'no fill' : shownFill(fill));
  }
  for (const fill of filled.values()) {
    if (named.has(fill.id) || run.marketIntentions.has(fill.id)) continue;
    findings.failed('fill', step.lineNumber, `no fill of ${fill.id}`, shownFill(fill));
  }
}

type Fill = Omit<FillLine, 'kind'>;

function totals(auction: AuctionMade | undefined): Map<string, Fill> {
  const filled = new Map<string, Fill>();
  for (const deal of auction?.deals ?? []) {
    for (const id of [deal.buyer, deal.seller]) {
      const before = filled.get(id);
      // A deal at a price of its own must not hide behind the others'.
      const price = before === undefined || before.price === deal.price ? deal.price : NaN;
      filled.set(id, { id, price, quantity: (before?.quantity ?? 0) + deal.quantity });
    }
  }
  return filled;
}

function shownFill(fill: Fill): string {
  return `fill ${fill.id} ${Number.isNaN(fill.price) ? 'at different prices' : fill.price} ${fill.quantity}`;
}
