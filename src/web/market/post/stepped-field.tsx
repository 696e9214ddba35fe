import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Field } from '../../parts/field.js';

interface SteppedFieldProps {
  readonly label: string;
  readonly value: Signal<string>;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** What so many steps up or down lead to. */
  readonly step: (typed: string, by: number) => string;
}

/** A decimal that the arrow keys and two buttons take a step up or down. */
export function SteppedField({ label, value, step, ...rest }: SteppedFieldProps): JSX.Element {
  const by = (steps: number): void => {
    value.value = step(value.value, steps);
  };
  return (
    <div class="stepped">
      <Field
        label={label}
        value={value}
        inputMode="decimal"
        autocomplete="off"
        {...rest}
        onKeyDown={(event) => {
          const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
          if (steps === undefined) return;
          event.preventDefault();
          by(steps);
        }}
      />
      <div class="stepper">
        <button type="button" tabIndex={-1} aria-label={`${label}: a step less`} onClick={() => by(-1)}>
          −
        </button>
        <button type="button" tabIndex={-1} aria-label={`${label}: a step more`} onClick={() => by(1)}>
          +
        </button>
      </div>
    </div>
  );
}
