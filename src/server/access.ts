/** Who asks, and what they may do. */
import { type Problem, problem } from './problem.js';

/** A participant acts for itself alone; an operator sees all, runs the market, and may act for any participant it names. */
export type Caller =
  | { readonly operator: false; readonly participant: string }
  | { readonly operator: true; readonly participant: undefined };

export const operator: Caller = { operator: true, participant: undefined };

/**
 * Whose affairs a request is about: the participant it names, or the caller’s own where it names none. Undefined: an operator
 * named nobody, which in a query means everybody.
 */
export function actingFor(caller: Caller, named: string | undefined): string | undefined | Problem {
  if (caller.operator || named === undefined || named === caller.participant) return named ?? caller.participant;
  return problem('FORBIDDEN', `this key acts for ${caller.participant} alone`);
}
