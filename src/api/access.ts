/** Who asks, and what they may do. */
import { type Problem, problem } from './problem.js';

/**
 * A participant acts for itself alone; an operator sees all, runs the market, and may act for any participant it names; an auditor
 * sees all that an operator does and changes nothing; market data are the instruments, their books and what was dealt, and nothing of anybody.
 */
export const roles = ['participant', 'operator', 'auditor', 'market-data'] as const;

export type Role = (typeof roles)[number];

/** `seesAll`: the affairs of everybody, not those of one participant. */
export type Actor =
  | { readonly role: 'participant'; readonly seesAll: false; readonly participant: string }
  | { readonly role: 'operator' | 'auditor'; readonly seesAll: true; readonly participant: undefined }
  | { readonly role: 'market-data'; readonly seesAll: false; readonly participant: undefined };

export const operator: Actor = { role: 'operator', seesAll: true, participant: undefined };
export const auditor: Actor = { ...operator, role: 'auditor' };
export const marketData: Actor = { role: 'market-data', seesAll: false, participant: undefined };

export function participantNamed(participant: string): Actor {
  return { role: 'participant', seesAll: false, participant };
}

/** Whether what belongs to a participant may be shown to the caller. */
export function maySee(caller: Actor, owner: string | undefined): boolean {
  return caller.seesAll || (owner !== undefined && owner === caller.participant);
}

/**
 * Whose affairs a request is about: the participant it names, or the caller’s own where it names none. Undefined: one who sees all
 * named nobody, which in a query means everybody.
 */
export function actingFor(caller: Actor, asked: string | undefined): string | undefined | Problem {
  if (caller.seesAll) return asked;
  if (caller.participant === undefined) return problem('FORBIDDEN', 'this key is for market data alone');
  if (asked === undefined || asked === caller.participant) return caller.participant;
  return problem('FORBIDDEN', `this key acts for ${caller.participant} alone`);
}
