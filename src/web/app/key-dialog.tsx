import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Dialog } from '../parts/dialog.js';
import { Field } from '../parts/field.js';
import { isKeyWanted, key, takeKey } from './session.js';

/** Asks for a key where the exchange wants one. */
export function KeyDialog(): JSX.Element {
  const typed = useSignal('');
  const wasRefused = key.value !== undefined;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = typed.value.trim();
    typed.value = '';
    if (text !== '') takeKey(text);
  };
  return (
    <Dialog title="This exchange asks for a key" isOpen={isKeyWanted.value} onClose={() => (isKeyWanted.value = false)}>
      <form class="form" onSubmit={submit}>
        <p>
          {wasRefused ? 'The exchange does not take that key. ' : ''}
          Whoever runs it has made one for you with <code>parley keys add</code>. It stays in this tab alone.
        </p>
        <Field label="Key" name="key" type="password" autocomplete="off" value={typed} />
        <div class="form-end">
          <button type="submit" class="primary">
            Use this key
          </button>
        </div>
      </form>
    </Dialog>
  );
}
