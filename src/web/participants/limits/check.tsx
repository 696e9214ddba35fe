import type { Signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

/** Something to be ticked, with what it does. */
export function Check({
  label,
  hint,
  value,
}: {
  readonly label: string;
  readonly hint: ComponentChildren;
  readonly value: Signal<boolean>;
}): JSX.Element {
  const id = useId();
  return (
    <div class="check">
      <input
        id={id}
        type="checkbox"
        checked={value.value}
        aria-describedby={`${id}-hint`}
        onChange={({ currentTarget }) => (value.value = currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      <span class="hint" id={`${id}-hint`}>
        {hint}
      </span>
    </div>
  );
}
