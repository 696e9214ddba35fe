import { checkAuction } from './auction-expectations.js';
import { checkBook, checkTop } from './book-expectations.js';
import { checkDealLines, checkNoFurtherDeal } from './deal-expectations.js';
import { Findings, type Mismatch, type Tally } from './findings.js';
import { BOOK_DEPTH } from './flow-line.js';
import type { Outcome } from './outcome.js';
import type { FlowStep } from './step.js';

/** How many levels of each side of the book it takes to check the step: 0 where no line expects any. */
export function bookDepthNeeded(step: FlowStep): number {
  let depth = 0;
  for (const { expected } of step.expectations) {
    if (expected.kind === 'book') return BOOK_DEPTH;
    if (expected.kind === 'top') depth = 1;
  }
  return depth;
}

/**
 * Compares what a step expects with what happened: adds to `tally`, returns what did not hold, and touches nothing else.
 *
 * - accepted: a command without a `rejected` line is taken, unless it names an intention from before the flow began
 * - rejected: a command with one is refused, with whatever code
 * - deal: each `deal` line is the next deal
 * - noDeal: no deal is made beyond those listed; one check a command, where the flow lists its deals
 * - uncross, fill: price, volume and fills of the auction
 * - book, top: the book after the command
 */
export function checkStep(file: string, step: FlowStep, outcome: Outcome, tally: Tally): readonly Mismatch[] {
  const findings = new Findings(file, tally);
  if (step.command.kind !== 'scenario') checkCommand(step, outcome, findings);
  for (const { lineNumber, expected } of step.expectations) {
    if (expected.kind === 'book') checkBook(expected, lineNumber, outcome.book, findings);
    else if (expected.kind === 'top') checkTop(expected, lineNumber, outcome.book, findings);
  }
  return findings.mismatches;
}

function checkCommand(step: FlowStep, outcome: Outcome, findings: Findings): void {
  const rejectedAsExpected = checkRefusal(step, outcome.refused, findings);
  if (step.command.kind === 'uncross') {
    if (!rejectedAsExpected) checkAuction(step, step.command, outcome, findings);
    return;
  }
  const listedCount = checkDealLines(step, outcome.deals, findings);
  if (step.dealsStated) checkNoFurtherDeal(step, outcome.deals, listedCount, findings);
}

/** Refusals that an intention from before the flow began explains. */
const TOLERATED: ReadonlySet<string> = new Set(['UNKNOWN_INTENTION', 'INTENTION_CLOSED']);

/** Returns whether the command was refused, as a `rejected` line says. */
function checkRefusal(step: FlowStep, refused: string | undefined, findings: Findings): boolean {
  const rejected = step.expectations.find(({ expected }) => expected.kind === 'rejected');
  if (rejected !== undefined) {
    if (refused === undefined) findings.failed('rejected', rejected.lineNumber, 'rejected', 'accepted');
    else findings.held('rejected');
    return refused !== undefined;
  }
  if (refused === undefined) findings.held('accepted');
  else if (step.mayBeUnknown && TOLERATED.has(refused)) findings.tally.refusalsTolerated += 1;
  else findings.failed('accepted', step.lineNumber, 'accepted', `refused ${refused}`);
  return false;
}
