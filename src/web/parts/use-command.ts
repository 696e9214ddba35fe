import { type Signal, useSignal } from '@preact/signals';

/** A command that was given here, and what came of it. */
export type Progress<Answer> =
  | { readonly state: 'idle' }
  | { readonly state: 'sent' }
  | { readonly state: 'answered'; readonly answer: Answer }
  | { readonly state: 'failed'; readonly error: unknown };

export interface CommandRun<Answer> {
  readonly progress: Signal<Progress<Answer>>;
  /** Runs it unless one is under way. Never rejects: `progress` has what came of it. */
  readonly run: (command: () => Promise<Answer>) => Promise<void>;
}

export function useCommand<Answer>(): CommandRun<Answer> {
  const progress = useSignal<Progress<Answer>>({ state: 'idle' });
  const run = async (command: () => Promise<Answer>): Promise<void> => {
    if (progress.peek().state === 'sent') return;
    progress.value = { state: 'sent' };
    try {
      progress.value = { state: 'answered', answer: await command() };
    } catch (error) {
      progress.value = { state: 'failed', error };
    }
  };
  return { progress, run };
}
