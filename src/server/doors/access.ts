/** By which key somebody came, and which routes it opens. */
import type { Actor, Role } from '../../api/access.js';
import { type Problem, problem } from '../../api/problem.js';
import type { RatedKey } from '../limits/rate-limits.js';

/** By which key somebody came: whose share of everything a request counts on, and until when what it has opened may go on. */
export interface KeyInUse extends RatedKey {
  /** Tells keys apart, and does not lead to one: it may be logged. */
  readonly id: string;
  /** How large its share is beside those of others: 1 unless the key file says otherwise. */
  readonly weight: number;
  /** Aborted when the key is taken back. */
  readonly revoked: AbortSignal;
}

export type Caller = Actor & { readonly key: KeyInUse };

/** What a route is about (`accessSays`), which says whose keys it takes. Each names the roles that pass; `open` takes no key at all. */
export const takes = {
  open: [],
  market: ['participant', 'operator', 'auditor', 'market-data'],
  affairs: ['participant', 'operator', 'auditor'],
  trading: ['participant', 'operator'],
  oversight: ['operator', 'auditor'],
  operating: ['operator'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Access = keyof typeof takes;

/** What each access is about, for documents. */
export const accessSays: Readonly<Record<Access, string>> = {
  open: 'everybody, without a key',
  market: 'read what is traded, and at what prices',
  affairs: 'read intentions, deals, positions and events: a participant its own, the others everybody’s',
  trading: 'post, change and withdraw: a participant for itself, an operator for whom it names',
  oversight: 'read how the exchange runs',
  operating: 'list instruments, change phases, end auctions',
};

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
