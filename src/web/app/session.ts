/** Who is at the page: the key, kept for this tab alone, and what it may do. */
import { computed, signal } from '@preact/signals';
import type { Caller } from '../../client/exchange-calls.js';

const KEPT_AS = 'parley-key';

export const key = signal<string | undefined>(sessionStorage.getItem(KEPT_AS) ?? undefined);

/** Undefined while it is not known. */
export const caller = signal<Caller | undefined>(undefined);

/** The exchange has keys, and there is none here or one that it does not take. */
export const isKeyWanted = signal(false);

/** Counts the changes of the key: what was looked at with the one before is not shown to the next. */
export const keyChanges = signal(0);

export function takeKey(text: string | undefined): void {
  keyChanges.value++;
  if (text === undefined) sessionStorage.removeItem(KEPT_AS);
  else sessionStorage.setItem(KEPT_AS, text);
  caller.value = undefined;
  isKeyWanted.value = false;
  key.value = text;
}

const roles = (...some: readonly Caller['role'][]) =>
  computed(() => caller.value !== undefined && some.includes(caller.value.role));

/** What is not offered to who may not do it. */
export const may = {
  trade: roles('participant', 'operator'),
  operate: roles('operator'),
  /** Intentions, deals, positions and the like: a participant its own. */
  seeAffairs: roles('participant', 'operator', 'auditor'),
  /** Everybody’s: the log, limits, promises in doubt. */
  seeAll: roles('operator', 'auditor'),
};
