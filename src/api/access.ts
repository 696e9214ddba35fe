/** Who asks, and what they may do. */
import { type Problem, problem } from './problem.js';

/**
 * A participant acts for itself alone; an operator sees all, runs the market, and may act for any participant it names; an auditor
 * sees all that an operator does and changes nothing; market data are the instruments and their books, and nothing of anybody.
 */
export const roles = ['participant', 'operator', 'auditor', 'market-data'] as const;

export type Role = (typeof roles)[number];

/** `seesAll`: the affairs of everybody, not those of one participant. */
export type Actor =
  | { readonly role: 'participant'; readonly seesAll: false; readonly participant: string }
  | { readonly role: 'operator' | 'auditor'; readonly seesAll: true; readonly participant: undefined }
  | { readonly role: 'market-data'; readonly seesAll: false; readonly participant: undefined };

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

export const operator: Actor = { role: 'operator', seesAll: true, participant: undefined };
export const auditor: Actor = { ...operator, role: 'auditor' };
export const marketData: Actor = { role: 'market-data', seesAll: false, participant: undefined };

export function participantNamed(participant: string): Actor {
  return { role: 'participant', seesAll: false, participant };
}

/** What a route is about, which says whose keys it takes. Each names the roles that pass; `open` takes no key at all. */
export const takes = {
  open: [],
  /** What is traded, and at what prices. */
  market: ['participant', 'operator', 'auditor', 'market-data'],
  /** Reading intentions, deals, positions and events, one’s own or everybody’s, and who serves them. */
  affairs: ['participant', 'operator', 'auditor'],
  /** Posting, and changing what was posted. */
  trading: ['participant', 'operator'],
  /** Reading how the exchange runs. */
  oversight: ['operator', 'auditor'],
  /** Running the market. */
  operating: ['operator'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Access = keyof typeof takes;

/** Why a caller may not go where a route asks for this access; undefined where it may. */
export function whyNotFor(access: Access, { role }: Actor): Problem | undefined {
  const passing: readonly Role[] = takes[access];
  if (passing.includes(role)) return undefined;
  return problem('FORBIDDEN', `this takes the key of ${listed(passing)}; this one is for ${named[role]}`);
}

const named: Readonly<Record<Role, string>> = {
  participant: 'a participant',
  operator: 'an operator',
  auditor: 'an auditor',
  'market-data': 'market data',
};

function listed(some: readonly Role[]): string {
  return some.map((role) => named[role]).join(' or ');
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
