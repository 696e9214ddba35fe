import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { said } from '../../parts/failure.js';
import { shard, source, stand } from '../moment.js';

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

/** What was typed, as what is asked for. A time without a day is of the day of `now`. */
export function momentIn(text: string, now: Date): { at: number } | { atTime: string } | undefined {
  const plain = text.trim().replace(/[\s,_\u202f]/gu, '');
  if (/^\d{1,15}$/.test(plain)) return { at: Number(plain) };
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?$/.exec(text.trim());
  if (clock !== null) {
    const [, hours, minutes, seconds = '0'] = clock;
    const time = new Date(now);
    time.setHours(Number(hours), Number(minutes), 0, Math.round(Number(seconds) * 1_000));
    return Number.isNaN(time.getTime()) ? undefined : { atTime: time.toISOString() };
  }
  const time = new Date(text.trim());
  return text.trim() === '' || Number.isNaN(time.getTime()) ? undefined : { atTime: time.toISOString() };
}
