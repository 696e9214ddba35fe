import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { source } from '../app/moment.js';
import { said } from '../parts/failure.js';
import { Field } from '../parts/field.js';
import type { Audited } from '../workers/log-file/proofs.js';
import { type Compared, compared } from './comparison.js';

/** Takes a digest or an anchor that was kept elsewhere. */
export function Comparison({
  audited,
  shard,
}: {
  readonly audited: Audited;
  readonly shard: number | undefined;
}): JSX.Element {
  const typed = useSignal('');
  const answer = useSignal<Compared | undefined>(undefined);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      answer.value = await compared(typed.value, audited, source.peek(), shard);
    } catch (error) {
      answer.value = { outcome: 'notJudged', says: said(error).detail };
    }
  };
  const { outcome, says } = answer.value ?? {};
  return (
    <form class="audit-compare" onSubmit={(event) => void submit(event)}>
      <Field
        label="Compare with a digest or an anchor"
        placeholder="0/1200:9c1f…"
        autocomplete="off"
        spellcheck={false}
        value={typed}
        error={outcome === 'unreadable' ? says : undefined}
      />
      <button type="submit">Compare</button>
      {outcome !== undefined && outcome !== 'unreadable' && (
        <p class={`audit-compared ${outcome}`} role="status">
          <strong>
            {outcome === 'held' ? '✓ The same.' : outcome === 'differs' ? '✕ Another one.' : 'Not judged.'}
          </strong>{' '}
          {says}
        </p>
      )}
    </form>
  );
}
