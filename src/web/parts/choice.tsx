import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

/** One of a few: radio buttons that look like a row of keys. */
export function Choice<Value extends string>({
  label,
  options,
  value,
  isLabelShown = false,
}: {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly value: Signal<Value>;
  readonly isLabelShown?: boolean;
}): JSX.Element {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend class={isLabelShown ? '' : 'unseen'}>{label}</legend>
      {options.map((option) => (
        <label key={option.value} class={`choice-option ${option.value}`}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value.value === option.value}
            onChange={() => (value.value = option.value)}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
