import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { Limits } from '../../../client/types.js';
import { Dialog } from '../../parts/dialog.js';
import { FormEnd } from '../../parts/form-end.js';
import { Field } from '../../parts/field.js';
import { useLook } from '../../parts/look.js';
import { Check } from './check.js';
import { answerText, useCommanding } from './commanding.js';
import { checkLimits, limitsIn, textsOf } from './limits-form.js';

interface Props {
  readonly participant: string;
  readonly limits: readonly Limits[];
  /** Where it begins; undefined: each instrument on its own. */
  readonly instrument: string | undefined;
  /** With what was answered; undefined: nothing was done. */
  readonly onDone: (answer?: string) => void;
}

/** Sets what a participant may have open, hold and post, in place of what was set there before. */
export function LimitsDialog(props: Props): JSX.Element {
  const where = useSignal(props.instrument ?? '');
  return (
    <Dialog title="Set limits" isOpen onClose={() => props.onDone()}>
      <div class="form">
        <p class="faint">
          For <strong class="name">{props.participant}</strong>, from now on. What stands stays, also where it is more.
        </p>
        <Where value={where.value} onChange={(chosen) => (where.value = chosen)} />
        <Terms key={where.value} {...props} instrument={where.value === '' ? undefined : where.value} />
      </div>
    </Dialog>
  );
}

function Where({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (chosen: string) => void;
}): JSX.Element {
  const { value: instruments = [] } = useLook('instruments to limit', (source, { signal }) =>
    source.instruments({ signal }),
  );
  const symbols = instruments.map(({ symbol }) => symbol);
  const offered = value === '' || symbols.includes(value) ? symbols : [value, ...symbols];
  const id = useId();
  return (
    <div class="field">
      <label class="where">
        Where
        <select
          value={value}
          aria-describedby={`${id}-hint`}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          <option value="">each instrument on its own</option>
          {offered.map((symbol) => (
            <option key={symbol} value={symbol}>
              {symbol}
            </option>
          ))}
        </select>
      </label>
      <span class="hint" id={`${id}-hint`}>
        Limits of an instrument and those of each hold at once: the tighter one counts.
      </span>
    </div>
  );
}

function Terms({ participant, limits, instrument, onDone }: Props): JSX.Element {
  const before = limitsIn(limits, instrument);
  const texts = textsOf(before);
  const openQuantity = useSignal(texts.openQuantity);
  const netPosition = useSignal(texts.netPosition);
  const intentionsPerSecond = useSignal(texts.intentionsPerSecond);
  const halted = useSignal(before?.halted ?? false);
  const withdraw = useSignal(false);
  const isTried = useSignal(false);
  const { set, isBusy, error } = useCommanding(participant);
  const checked = useComputed(() =>
    checkLimits({
      openQuantity: openQuantity.value,
      netPosition: netPosition.value,
      intentionsPerSecond: intentionsPerSecond.value,
    }),
  ).value;
  const errors = checked.ok || !isTried.value ? {} : checked.errors;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    isTried.value = true;
    if (!checked.ok) return;
    const terms = { ...checked.terms, instrument, halted: halted.value };
    const answer = await set(withdraw.value ? { ...terms, withdraw: true } : terms);
    if (answer !== undefined) onDone(answerText('Limits are set', answer));
  };
  const number = { inputMode: 'decimal', autocomplete: 'off', placeholder: 'not limited' } as const;
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <Field
        {...number}
        label="Open quantity"
        hint="The most that may be open in one instrument, buys and sells together."
        value={openQuantity}
        error={errors.openQuantity}
      />
      <Field
        {...number}
        label="Net position"
        hint="How far the position in one instrument may go either way if all that is open dealt."
        value={netPosition}
        error={errors.netPosition}
      />
      <Field
        {...number}
        label="Intentions a second"
        hint="How many may be posted in a second of the log’s time."
        value={intentionsPerSecond}
        error={errors.intentionsPerSecond}
      />
      <Check
        label="Halted"
        hint="Nothing may be posted, replaced or made larger; it may withdraw and reduce."
        value={halted}
      />
      <Check label="Withdraw what stands" hint="Once, what it has open there." value={withdraw} />
      <FormEnd text="Set limits" onLeave={() => onDone()} isBusy={isBusy.value} error={error.value} />
    </form>
  );
}
