import { type Signal, useSignal } from '@preact/signals';
import type { Limits, LimitTerms } from '../../../client/types.js';
import { server } from '../../app/exchange.js';

/** The answer that limits are set with. */
export type LimitsSet = Limits & { readonly position?: number };

export interface Commanding {
  readonly isBusy: Signal<boolean>;
  readonly error: Signal<unknown>;
  /** Resolves to the answer, or to undefined where it was refused: `error` says why. */
  readonly set: (terms: LimitTerms & { readonly withdraw?: boolean }) => Promise<LimitsSet | undefined>;
}

/** Sets limits of a participant, one command at a time. */
export function useCommanding(participant: string): Commanding {
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const set: Commanding['set'] = async (terms) => {
    if (isBusy.value) return undefined;
    isBusy.value = true;
    error.value = undefined;
    try {
      return await server.value.client.setLimits(participant, terms);
    } catch (failure) {
      error.value = failure;
      return undefined;
    } finally {
      isBusy.value = false;
    }
  };
  return { isBusy, error, set };
}

/** What an answer says to whoever asked. */
export function answerText(what: string, { position }: LimitsSet): string {
  return position === undefined ? `${what}.` : `${what}, at position ${position} of the log.`;
}
