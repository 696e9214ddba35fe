import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { isOfFile } from './address.js';
import { spanText } from '../parts/span.js';
import { heardAtMs, presence, trouble } from './exchange.js';

const nowMs = signal(Date.now());

/** What is said while the exchange does not answer: what is shown stays, and is old. */
export function Away(): JSX.Element | null {
  const state = presence.value;
  const isAway = !isOfFile.value && (state === 'away' || state === 'starting');
  useEffect(() => {
    if (!isAway) return undefined;
    const timer = setInterval(() => (nowMs.value = Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isAway]);
  if (!isAway) return null;
  const oldMs = heardAtMs.value === 0 ? 0 : nowMs.value - heardAtMs.value;
  return (
    <div class="away" role="alert" title={trouble.value}>
      <strong>
        {state === 'away' ? 'The exchange does not answer.' : 'The exchange is starting: it reads its log.'}
      </strong>{' '}
      {oldMs >= 1_000 && `What you see is from ${spanText(oldMs)} ago. `}
      The page comes back by itself.
    </div>
  );
}
