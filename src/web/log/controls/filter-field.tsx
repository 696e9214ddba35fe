import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** While somebody types. */
const SETTLED_MS = 250;

/** A field of the filter: what is typed takes effect when the typing stops. */
export function FilterField({
  label,
  value,
  offered = [],
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly offered?: readonly string[];
  readonly onChange: (value: string) => void;
}): JSX.Element {
  const id = useId();
  const typed = useSignal(value);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (document.activeElement !== input.current) typed.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (text: string, afterMs: number): void => {
    typed.value = text;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(text.trim()), afterMs);
  };
  return (
    <div class="log-field">
      <label for={id}>{label}</label>
      <input
        ref={input}
        id={id}
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={`any ${label.toLowerCase()}`}
        title={`${label}; with a ! before it: all but that`}
        list={offered.length === 0 ? undefined : `${id}-offered`}
        value={typed.value}
        onInput={({ currentTarget }) => change(currentTarget.value, SETTLED_MS)}
        onChange={({ currentTarget }) => change(currentTarget.value, 0)}
      />
      {offered.length > 0 && (
        <datalist id={`${id}-offered`}>
          {offered.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </div>
  );
}
