import { checkAuction } from './auction-expectations.js';
import { checkBook, checkTop } from './book-expectations.js';
import { checkDealLines, checkExecution, checkNoFurtherDeal } from './deal-expectations.js';
import { checkEndings } from './ending-expectations.js';
import { Findings, type Mismatch, type Tally } from './findings.js';
import { BOOK_DEPTH } from '../script/flow-line.js';
import type { Outcome } from '../play/outcome.js';
import { type FlowStep, isCommand } from '../step.js';

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
 * Compares what a step expects with what happened: adds to `tally`, returns what did not hold, and touches nothing else. What each kind of
 * expectation means stands with `expectations`.
 */
export function checkStep(file: string, step: FlowStep, outcome: Outcome, tally: Tally): readonly Mismatch[] {
  const findings = new Findings(file, tally);
  if (step.isRepair === true) return findings.mismatches;
  if (isCommand(step)) checkCommand(step, outcome, findings);
  checkEndings(step, outcome.endings ?? [], findings);
  for (const { lineNumber, expected } of step.expectations) {
    if (expected.kind === 'book') checkBook(expected, lineNumber, outcome.book, findings);
    else if (expected.kind === 'top') checkTop(expected, lineNumber, outcome.book, findings);
  }
  return findings.mismatches;
}

function checkCommand(step: FlowStep, outcome: Outcome, findings: Findings): void {
  if (step.execution !== undefined) {
    checkExecution(step.lineNumber, step.execution, outcome, findings);
    return;
  }
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
  for (const { lineNumber, expected } of step.expectations) {
    if (expected.kind !== 'rejected') continue;
    const { code = refused } = expected;
    if (refused !== undefined && code === refused) findings.held('rejected');
    else findings.failed('rejected', lineNumber, shownRejected(expected.code), shownRejected(refused, 'accepted'));
    return refused !== undefined;
  }
  if (refused === undefined) findings.held('accepted');
  else if (step.mayBeUnknown && TOLERATED.has(refused)) findings.tally.refusalsTolerated += 1;
  else findings.failed('accepted', step.lineNumber, 'accepted', `refused ${refused}`);
  return false;
}

function shownRejected(code: string | undefined, otherwise = 'rejected'): string {
  return code === undefined ? otherwise : `rejected ${code}`;
}
