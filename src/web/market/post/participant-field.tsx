import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Field } from '../../parts/field.js';
import { useLook } from '../../parts/look.js';
import { chosen } from '../market.js';

const MOST = 1_000;

/** For whom one acts or at whom one looks: any name, and those that have dealt are offered. */
export function ParticipantField({ error }: { readonly error?: string | undefined }): JSX.Element {
  const list = useId();
  const isUsed = useSignal(false);
  const { value = [] } = useLook('participants', (source, { signal }) => source.positions({ limit: MOST, signal }), {
    isWanted: isUsed.value,
  });
  const names = [...new Set(value.map(({ participant }) => participant))];
  return (
    <>
      <Field
        label="Participant"
        name="participant"
        autocomplete="off"
        spellcheck={false}
        maxLength={32}
        list={list}
        value={chosen}
        error={error}
        onFocus={() => (isUsed.value = true)}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
