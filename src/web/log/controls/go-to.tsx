import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { momentIn } from '../../app/time-line/moment-in.js';
import { said } from '../../parts/failure.js';
import type { LogReader } from '../reading/log-reader.js';

/** Goes to a position or a time within the log; the page stays at its moment. */
export function GoTo({
  reader,
  onGo,
}: {
  readonly reader: LogReader;
  readonly onGo: (position: number) => void;
}): JSX.Element {
  const typed = useSignal('');
  const wrong = useSignal<string | undefined>(undefined);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const asked = momentIn(typed.value, new Date());
    wrong.value = asked === undefined ? 'A position such as 1200, or a time such as 14:05:30.' : undefined;
    if (asked === undefined) return;
    try {
      const { source, shard } = reader.options;
      const position = 'at' in asked ? asked.at : (await source.moment({ ...asked, shard })).position;
      onGo(Math.min(position, reader.end.value));
    } catch (error) {
      wrong.value = said(error).detail;
    }
  };
  return (
    <form class="log-go" onSubmit={(event) => void submit(event)}>
      <input
        type="text"
        aria-label="Go to a position or a time in the log"
        placeholder="position or 14:05:30"
        autocomplete="off"
        value={typed.value}
        aria-invalid={wrong.value !== undefined}
        onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
      />
      <button type="submit">Go</button>
      {wrong.value !== undefined && (
        <span class="error log-go-wrong" role="alert">
          {wrong.value}
        </span>
      )}
    </form>
  );
}
