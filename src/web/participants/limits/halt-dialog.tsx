import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Limits } from '../../../client/types.js';
import { Dialog } from '../../parts/dialog.js';
import { FormEnd } from '../../parts/form-end.js';
import { answerText, useCommanding } from './commanding.js';
import { Check } from './check.js';
import { haltedTerms, isHalted } from './limits-form.js';

interface Props {
  readonly participant: string;
  readonly limits: readonly Limits[];
  /** With what was answered; undefined: nothing was done. */
  readonly onDone: (answer?: string) => void;
}

/** Halts a participant in every instrument, or lets it go on. Its other limits stay. */
export function HaltDialog(props: Props): JSX.Element {
  const isResuming = isHalted(props.limits);
  return (
    <Dialog title={isResuming ? 'Let it go on' : 'Halt'} isOpen onClose={() => props.onDone()}>
      {isResuming ? <ResumeForm {...props} /> : <HaltForm {...props} />}
    </Dialog>
  );
}

function HaltForm({ participant, limits, onDone }: Props): JSX.Element {
  const withdraw = useSignal(false);
  const { set, isBusy, error } = useCommanding(participant);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const terms = haltedTerms(limits, true);
    const answer = await set(withdraw.value ? { ...terms, withdraw: true } : terms);
    if (answer !== undefined) onDone(answerText(withdraw.value ? 'Halted, and withdrawn' : 'Halted', answer));
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <p>
        <strong class="name">{participant}</strong> may then post nothing, in any instrument, replace nothing and make
        nothing larger. It may withdraw and reduce. Its other limits stay.
      </p>
      <Check
        label="Withdraw what stands"
        hint="Once, all that it has open. Without it, what stands stays and may deal."
        value={withdraw}
      />
      <FormEnd text="Halt" onLeave={() => onDone()} isBusy={isBusy.value} error={error.value} style="danger" />
    </form>
  );
}

function ResumeForm({ participant, limits, onDone }: Props): JSX.Element {
  const { set, isBusy, error } = useCommanding(participant);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const answer = await set(haltedTerms(limits, false));
    if (answer !== undefined) onDone(answerText('It may post again', answer));
  };
  const remaining = limits.filter(({ instrument, halted }) => instrument !== undefined && halted);
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <p>
        <strong class="name">{participant}</strong> may then post again, within its other limits. What was withdrawn
        stays withdrawn.
      </p>
      {remaining.length > 0 && (
        <p>
          It stays halted in <span class="name">{remaining.map(({ instrument }) => instrument).join(', ')}</span>, where
          that was set on its own.
        </p>
      )}
      <FormEnd text="Let it go on" onLeave={() => onDone()} isBusy={isBusy.value} error={error.value} />
    </form>
  );
}
