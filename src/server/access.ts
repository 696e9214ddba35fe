/** Who asks, and what they may do. */
import { type Problem, problem } from './problem.js';

/** A participant acts for itself alone; an operator sees all, runs the market, and may act for any participant it names. */
export type Actor =
  | { readonly operator: false; readonly participant: string }
  | { readonly operator: true; readonly participant: undefined };

/** By which key somebody came: whose share of everything a request counts on, and until when what it has opened may go on. */
export interface KeyInUse {
  /** Tells keys apart, and does not lead to one: it may be logged. */
  readonly id: string;
  /** How large its share is beside those of others: 1 unless the key file says otherwise. */
  readonly weight: number;
  /** Aborted when the key is taken back. */
  readonly revoked: AbortSignal;
}

export type Caller = Actor & { readonly key: KeyInUse };

export const operator: Actor = { operator: true, participant: undefined };

/**
 * Whose affairs a request is about: the participant it names, or the caller’s own where it names none. Undefined: an operator
 * named nobody, which in a query means everybody.
 */
export function actingFor(caller: Actor, named: string | undefined): string | undefined | Problem {
  if (caller.operator || named === undefined || named === caller.participant) return named ?? caller.participant;
  return problem('FORBIDDEN', `this key acts for ${caller.participant} alone`);
}
