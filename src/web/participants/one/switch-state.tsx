import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { spanText } from '../../parts/span.js';
import { Time } from '../../parts/time.js';
import type { Affairs } from './affairs.js';

const TICK_MS = 200;

/** The dead man’s switch, and how long it has until it lapses by this machine’s clock. */
export function SwitchState({ state }: { readonly state: Affairs['switch'] }): JSX.Element {
  return state === undefined ? (
    <p class="faint">Not set: what stands stays when its programs die.</p>
  ) : (
    <SwitchSet {...state} />
  );
}

function SwitchSet({ withinMs, lapsesAt }: NonNullable<Affairs['switch']>): JSX.Element {
  const nowMs = useNowMs();
  const leftMs = Math.max(0, Date.parse(lapsesAt) - nowMs);
  return (
    <div class="switch">
      <p>
        All that stands is withdrawn unless it is set again every {spanText(withinMs)}. Lapses at <Time at={lapsesAt} />
        .
      </p>
      <div class="switch-left">
        <span class="switch-bar" aria-hidden="true">
          <span
            class={`switch-bar-fill ${leftMs * 4 < withinMs ? 'soon' : ''}`}
            style={{ width: `${Math.min(100, (100 * leftMs) / withinMs)}%` }}
          />
        </span>
        <span class="num">{leftMs === 0 ? 'due' : `${spanText(leftMs)} left`}</span>
      </div>
    </div>
  );
}

function useNowMs(): number {
  const clock = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (clock.value = Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return clock.value;
}
