import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { said } from '../../parts/failure.js';
import { shard, source, stand } from '../moment.js';
import { momentIn } from './moment-in.js';

/** Takes a position, or a time: of today `14:05:30`, or whole. */
export function JumpForm({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const typed = useSignal('');
  const wrong = useSignal<string | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const asked = momentIn(typed.value, new Date());
    if (asked === undefined) {
      wrong.value = 'A position such as 1200, or a time such as 14:05:30.';
      return;
    }
    try {
      const { position } = await source.value.moment({ ...asked, shard: shard.value });
      stand(position);
      onDone();
    } catch (error) {
      wrong.value = said(error).detail;
    }
  };
  return (
    <form class="jump" onSubmit={(event) => void submit(event)}>
      <input
        ref={input}
        type="text"
        aria-label="Position or time"
        placeholder="position or 14:05:30"
        value={typed.value}
        aria-invalid={wrong.value !== undefined}
        onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
        onKeyDown={({ key }) => key === 'Escape' && onDone()}
      />
      <button type="submit">Go</button>
      {wrong.value !== undefined && (
        <span class="error" role="alert">
          {wrong.value}
        </span>
      )}
    </form>
  );
}
