import type { Step } from '../support/reference/steps.js';
import type { Asked } from '../support/reference/exchange-harness.js';

/** One command at one process: what was asked, what it met, and, once it has been given, the answer. */
export interface Entry {
  readonly step: Step;
  readonly process: number;
  /** The position that the next event got when the command's turn came; undefined until then. */
  headBefore: number | undefined;
  /** The exchange's time then. */
  atMs: number;
  /** Which turn that was among all: answers may overtake each other on their way out. */
  turn: number;
  asked: Asked | undefined;
}

/** Position of the event that the command wrote; undefined where it wrote none, or its answer does not say. */
export function positionOf({ asked, headBefore }: Entry): number | undefined {
  if (asked?.answer.ok !== true || !('position' in asked.answer)) return undefined;
  const { position } = asked.answer;
  return typeof position === 'number' && position >= (headBefore ?? 0) ? position : undefined;
}
