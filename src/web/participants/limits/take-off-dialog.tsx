import type { JSX } from 'preact';
import { Dialog } from '../../parts/dialog.js';
import { FormEnd } from '../../parts/form-end.js';
import { answerText, useCommanding } from './commanding.js';

/** Takes off the limits of an instrument, or those of each. */
export function TakeOffDialog({
  participant,
  instrument,
  onDone,
}: {
  readonly participant: string;
  readonly instrument: string | undefined;
  readonly onDone: (answer?: string) => void;
}): JSX.Element {
  const { set, isBusy, error } = useCommanding(participant);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const answer = await set({ instrument });
    if (answer !== undefined) onDone(answerText('Limits are off', answer));
  };
  return (
    <Dialog title="Take off limits" isOpen onClose={() => onDone()}>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <p>
          <strong class="name">{participant}</strong> is then no longer limited, nor halted,{' '}
          {instrument === undefined ? (
            'but by what is set for single instruments.'
          ) : (
            <>
              in <span class="name">{instrument}</span> on its own. What is set for each instrument still holds there.
            </>
          )}
        </p>
        <FormEnd text="Take off" onLeave={() => onDone()} isBusy={isBusy.value} error={error.value} />
      </form>
    </Dialog>
  );
}
