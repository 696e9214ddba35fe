import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ChartJson } from '../../../projections/handshake/chart-json.js';
import { played, type PlayerAction, type PlayerState, rowMs, SPEEDS } from './player.js';
import { sentenceOf } from './words.js';

export interface ChartPlayerProps {
  readonly chart: ChartJson;
  readonly state: Signal<PlayerState>;
  /** The row that is looked at, by its index: stepping and playing look at the newest one. */
  readonly selected: Signal<number | undefined>;
}

/** Replays a handshake, which is over in microseconds, row by row at a pace to be followed, and says what happens. */
export function ChartPlayer({ chart, state, selected }: ChartPlayerProps): JSX.Element {
  const { isPlaying, shown, speed } = state.value;
  const rows = chart.rows.length;
  const act = (action: PlayerAction): void => {
    state.value = played(state.value, action, rows);
    if (action !== 'pause') selected.value = state.value.shown === 0 ? undefined : state.value.shown - 1;
  };
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => act('tick'), rowMs(state.value));
    return () => clearTimeout(timer);
  }, [isPlaying, shown, speed, rows]);
  const row = chart.rows[selected.value ?? shown - 1];
  const isLookedAt = selected.value !== undefined || shown < rows;
  return (
    <div class="chart-player">
      <div class="player-keys" role="group" aria-label="Replay">
        <Step act={act} action="first" isOff={shown <= 1} />
        <Step act={act} action="back" isOff={shown <= 1} />
        <Step act={act} action={isPlaying ? 'pause' : 'play'} isOff={rows === 0} />
        <Step act={act} action="forward" isOff={shown >= rows} />
        <Step act={act} action="last" isOff={shown >= rows} />
        <Speeds state={state} />
        <span class="player-count">
          {shown} of {rows}
        </span>
      </div>
      <p class="player-words" aria-live="polite">
        {isLookedAt && row !== undefined ? (
          <>
            <span class="player-position">{row.position}</span> {sentenceOf(row, chart)}
          </>
        ) : (
          <span class="faint">A handshake is over in microseconds. Press play to see it a step at a time.</span>
        )}
      </p>
    </div>
  );
}

const steps: Readonly<Record<Exclude<PlayerAction, 'tick'>, { readonly label: string; readonly d: string }>> = {
  first: { label: 'To the first row', d: 'M4 3h2v10H4zM14 3v10L7 8z' },
  back: { label: 'A row back', d: 'M11 3v10L4 8z' },
  play: { label: 'Play', d: 'M4 2.5v11L13.5 8z' },
  pause: { label: 'Pause', d: 'M4 3h3v10H4zM9 3h3v10H9z' },
  forward: { label: 'A row forward', d: 'M5 3v10l7-5z' },
  last: { label: 'To the last row', d: 'M2 3v10l7-5zM10 3h2v10h-2z' },
};

function Step({
  act,
  action,
  isOff,
}: {
  readonly act: (action: PlayerAction) => void;
  readonly action: keyof typeof steps;
  readonly isOff: boolean;
}): JSX.Element {
  const { label, d } = steps[action];
  const isMain = action === 'play' || action === 'pause';
  return (
    <button
      type="button"
      class={isMain ? 'icon primary' : 'icon quiet'}
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={() => act(action)}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path d={d} fill="currentColor" />
      </svg>
    </button>
  );
}

function Speeds({ state }: { readonly state: Signal<PlayerState> }): JSX.Element {
  return (
    <select
      class="player-speed"
      aria-label="Speed"
      value={state.value.speed}
      onChange={({ currentTarget: { value } }) => {
        const speed = SPEEDS.find((each) => String(each) === value);
        if (speed !== undefined) state.value = { ...state.value, speed };
      }}
    >
      {SPEEDS.map((speed) => (
        <option key={speed} value={speed}>
          ×{speed === 0.5 ? '½' : speed}
        </option>
      ))}
    </select>
  );
}
