import { type ReadonlySignal, useComputed } from '@preact/signals';
import type { Limits, LimitTerms } from '../../../client/types.js';
import { server } from '../../app/exchange.js';
import { useCommand } from '../../parts/use-command.js';

/** The answer that limits are set with. */
export type LimitsSet = Limits & { readonly position?: number };

export interface Commanding {
  readonly isBusy: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<unknown>;
  /** Resolves to the answer, or to undefined where it was refused: `error` says why. */
  readonly set: (terms: LimitTerms & { readonly withdraw?: boolean }) => Promise<LimitsSet | undefined>;
}

/** Sets limits of a participant, one command at a time. */
export function useCommanding(participant: string): Commanding {
  const { progress, run } = useCommand<LimitsSet>();
  const isBusy = useComputed(() => progress.value.state === 'sent');
  const error = useComputed(() => (progress.value.state === 'failed' ? progress.value.error : undefined));
  const set: Commanding['set'] = async (terms) => {
    await run(() => server.value.client.setLimits(participant, terms));
    const came = progress.peek();
    return came.state === 'answered' ? came.answer : undefined;
  };
  return { isBusy, error, set };
}

/** What an answer says to whoever asked. */
export function answerText(what: string, { position }: LimitsSet): string {
  return position === undefined ? `${what}.` : `${what}, at position ${position} of the log.`;
}
