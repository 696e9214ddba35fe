import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { useLook } from '../parts/look.js';
import { addressOf, go } from './address.js';
import { useKeys } from './keys-help.js';

/** Goes to an instrument by its symbol, to an intention or deal by its id, to a participant by name. */
export function Search(): JSX.Element {
  const typed = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  const isUsed = useSignal(false);
  const { value: instruments = [] } = useLook('search', (source, { signal }) => source.instruments({ signal }), {
    isWanted: isUsed.value,
  });
  useKeys([{ key: '/', says: 'search: symbol, intention, deal, participant', act: () => input.current?.focus() }]);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = typed.value.trim();
    if (text === '') return;
    typed.value = '';
    input.current?.blur();
    go(
      addressOf(
        placeOf(
          text,
          instruments.map(({ symbol }) => symbol),
        ),
      ),
    );
  };
  return (
    <form role="search" class="search" onSubmit={submit}>
      <input
        ref={input}
        type="search"
        aria-label="Search: symbol, intention, deal, participant"
        placeholder="Search  /"
        list="instruments"
        autocomplete="off"
        value={typed.value}
        onFocus={() => (isUsed.value = true)}
        onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
      />
      <datalist id="instruments">
        {instruments.slice(0, 200).map(({ symbol }) => (
          <option key={symbol} value={symbol} />
        ))}
      </datalist>
    </form>
  );
}

/** Where a text leads: `12-3` is a deal, `12` an intention, a symbol its market, anything else a participant. */
export function placeOf(text: string, symbols: readonly string[]): string {
  const symbol =
    symbols.find((each) => each === text) ?? symbols.find((each) => each.toLowerCase() === text.toLowerCase());
  if (symbol !== undefined) return `/market/${encodeURIComponent(symbol)}`;
  if (/^\d+-\d+$/.test(text)) return `/deals/${text}`;
  if (/^\d+$/.test(text)) return `/intentions/${text}`;
  return `/participants/${encodeURIComponent(text)}`;
}
