import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Intention, IntentionChanged } from '../../../client/types.js';
import { ParleyError } from '../../../client/wire/error.js';
import type { InstrumentTerms } from '../../../domain/instrument.js';
import { socket } from '../../app/exchange.js';
import { Choice } from '../../parts/choice.js';
import { Dialog } from '../../parts/dialog.js';
import { Failure } from '../../parts/failure.js';
import { Field } from '../../parts/field.js';
import { changeText } from '../post/outcome.js';
import { isAnswer } from '../post/unanswered.js';
import { useCommand } from '../../parts/use-command.js';
import { type ChangeDraft, checkChange } from './change-draft.js';

interface ChangeDialogProps {
  /** Of its instrument. */
  readonly terms: InstrumentTerms | undefined;
  /** The one that is changed, as it stands now; undefined: none, or it has closed meanwhile. */
  readonly intention: Intention | undefined;
  readonly onClose: () => void;
}

/** Makes an intention smaller, or gives it another price or quantity. */
export function ChangeDialog({ terms, intention, onClose }: ChangeDialogProps): JSX.Element {
  return (
    <Dialog
      title={intention === undefined ? 'Change an intention' : `Change intention ${intention.id}`}
      isOpen={intention !== undefined}
      onClose={onClose}
    >
      {intention !== undefined && terms !== undefined && (
        <ChangeForm key={intention.id} intention={intention} terms={terms} onClose={onClose} />
      )}
    </Dialog>
  );
}

const kinds = [
  { value: 'reduce', text: 'Reduce' },
  { value: 'replace', text: 'Replace' },
] as const;

const hints = {
  reduce: 'It keeps its place in the queue.',
  replace: 'It loses its place and may deal at once, unless only the quantity gets smaller.',
} as const;

function ChangeForm({
  intention,
  terms,
  onClose,
}: {
  readonly intention: Intention;
  readonly terms: InstrumentTerms;
  readonly onClose: () => void;
}): JSX.Element {
  const kind = useSignal<ChangeDraft['kind']>('reduce');
  const by = useSignal('');
  const price = useSignal(intention.price ?? '');
  const quantity = useSignal(intention.open);
  const isTried = useSignal(false);
  // The same for each try, so that it is done once.
  const clientCommandId = useRef(crypto.randomUUID());
  const { progress, run } = useCommand<IntentionChanged>();
  const draft = { kind: kind.value, by: by.value, price: price.value, quantity: quantity.value };
  const checked = checkChange(draft, intention, terms);
  const errors = isTried.value && 'errors' in checked ? checked.errors : {};
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    isTried.value = true;
    if ('errors' in checked) return;
    const common = { id: intention.id, clientCommandId: clientCommandId.current };
    await run(() => socket.peek().send({ ...checked.change, ...common }));
    const came = progress.peek();
    if (came.state === 'failed' && came.error instanceof ParleyError && isAnswer(came.error))
      clientCommandId.current = crypto.randomUUID();
  };
  const { value } = progress;
  if (value.state === 'answered') {
    return (
      <div class="form">
        <p role="status">{changeText(value.answer)}</p>
        <div class="form-end">
          <button type="button" class="primary" onClick={onClose}>
            Done
          </button>
        </div>
      </div>
    );
  }
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      {intention.price !== undefined && <Choice label="How" options={kinds} value={kind} />}
      {kind.value === 'reduce' ? (
        <Field
          label="Reduce by"
          inputMode="decimal"
          autocomplete="off"
          value={by}
          hint={`${intention.open} is open.`}
          error={errors.by}
        />
      ) : (
        <>
          {intention.price !== undefined && (
            <Field label="Price" inputMode="decimal" autocomplete="off" value={price} error={errors.price} />
          )}
          <Field
            label="Quantity left to deal"
            inputMode="decimal"
            autocomplete="off"
            value={quantity}
            error={errors.quantity}
          />
        </>
      )}
      <p class="hint">{hints[kind.value]}</p>
      {errors.all !== undefined && <p class="error">{errors.all}</p>}
      {value.state === 'failed' && <Failure error={value.error} />}
      <div class="form-end">
        <button type="button" onClick={onClose}>
          Leave it
        </button>
        <button type="submit" class="primary" disabled={value.state === 'sent'}>
          {kind.value === 'reduce' ? 'Reduce' : 'Replace'}
        </button>
      </div>
    </form>
  );
}
