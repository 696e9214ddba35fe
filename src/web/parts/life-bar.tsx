import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { type LifeStep, tickEvery } from './life.js';
import { rowByKey } from './row-keys.js';
import { barText } from './standing.js';
import { BarLegend } from './standing-bar.js';
import { useWidth } from './use-width.js';

export interface LifeBarProps {
  readonly steps: readonly LifeStep[];
  /** The step that is looked at, by its index. */
  readonly selected: Signal<number | undefined>;
  readonly onSelect?: (position: number) => void;
  /** How positions are shown. */
  readonly position?: (position: number) => string;
}

const LEAST_STEP = 12;
const MOST_STEP = 96;

/** The life of an intention: after each of its events, from the left, what of it is filled, reserved and open. */
export function LifeBar({ steps, selected, onSelect, position = String }: LifeBarProps): JSX.Element {
  const { ref, width } = useWidth<HTMLDivElement>();
  const list = useRef<HTMLDivElement>(null);
  const last = steps.length - 1;
  const current = Math.min(selected.value ?? last, last);
  const stepPx = Math.max(LEAST_STEP, Math.min(MOST_STEP, width.value / Math.max(1, steps.length)));
  const every = tickEvery(stepPx, position(steps.at(-1)?.position ?? 0));
  const select = (step: number): void => {
    selected.value = step;
    const at = steps[step]?.position;
    if (at !== undefined) onSelect?.(at);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = rowByKey(event.key, current, steps.length);
    if (step === undefined || steps.length === 0) return;
    event.preventDefault();
    select(step);
    list.current?.querySelectorAll<HTMLElement>('[role=option]')[step]?.focus();
  };
  return (
    <div class="life" ref={ref}>
      <div class="life-head">
        <LifeWords step={steps[current]} position={position} />
        <BarLegend />
      </div>
      <div
        class="life-steps"
        ref={list}
        role="listbox"
        aria-orientation="horizontal"
        aria-label="Life of the intention"
      >
        {steps.map((step, index) => (
          <div
            key={index}
            class={`life-step${index === current ? ' selected' : ''}`}
            style={{ width: `${stepPx}px` }}
            role="option"
            tabIndex={index === current ? 0 : -1}
            aria-selected={index === current}
            aria-label={`${position(step.position)}: ${step.text}. ${barText(step.parts)}`}
            title={`${position(step.position)}: ${step.text}`}
            onClick={() => select(index)}
            onKeyDown={onKeyDown}
          >
            <LifeColumn step={step} />
            <span class="life-tick">{index % every === 0 && position(step.position)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function LifeColumn({ step }: { readonly step: LifeStep }): JSX.Element {
  return (
    <span class="life-column" aria-hidden="true">
      {step.parts.map(({ part, share }) => (
        <span key={part} class={`part ${part}`} style={{ height: `${share * 100}%` }} />
      ))}
    </span>
  );
}

function LifeWords({
  step,
  position,
}: {
  readonly step: LifeStep | undefined;
  readonly position: (position: number) => string;
}): JSX.Element {
  return (
    <p class="life-words" aria-live="polite">
      {step !== undefined && (
        <>
          <span class="player-position">{position(step.position)}</span> {step.text}
          <span class="life-numbers">{barText(step.parts)}</span>
        </>
      )}
    </p>
  );
}
