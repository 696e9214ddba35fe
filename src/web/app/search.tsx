import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { useLook } from '../parts/look.js';
import { addressOf, go } from './address.js';
import { useKeys } from './keys-help.js';
import { source } from './moment.js';
import { placeOf } from './place-of.js';

/** Goes to an instrument by its symbol, to an intention or deal by its id, to a participant by name. */
export function Search(): JSX.Element {
  const typed = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  const isUsed = useSignal(false);
  const { value: instruments } = useLook('search', (source, { signal }) => source.instruments({ signal }), {
    isWanted: isUsed.value,
  });
  useKeys([{ key: '/', says: 'search: symbol, intention, deal, participant', act: () => input.current?.focus() }]);
  /** Whoever types fast is done before they are there. */
  const symbols = async (): Promise<string[]> => {
    const known = instruments ?? (await source.value.instruments({}).catch(() => []));
    return known.map(({ symbol }) => symbol);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = typed.value.trim();
    if (text === '') return;
    typed.value = '';
    input.current?.blur();
    void symbols().then((all) => go(addressOf(placeOf(text, all))));
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
        {instruments?.slice(0, 200).map(({ symbol }) => (
          <option key={symbol} value={symbol} />
        ))}
      </datalist>
    </form>
  );
}
