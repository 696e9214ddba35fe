import type { Signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

type Input = Omit<JSX.IntrinsicElements['input'], 'value' | 'onInput' | 'id' | 'ref'>;

/** A labelled input whose text is a signal’s; `hint` and `error` are told with it. */
export function Field({
  label,
  value,
  hint,
  error,
  ...rest
}: Input & {
  readonly label: string;
  readonly value: Signal<string>;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
}): JSX.Element {
  const id = useId();
  const said = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].join(' ').trim();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...rest}
        id={id}
        value={value.value}
        aria-invalid={error !== undefined}
        aria-describedby={said === '' ? undefined : said}
        onInput={({ currentTarget }) => (value.value = currentTarget.value)}
      />
      {hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error !== undefined && (
        <span class="error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
