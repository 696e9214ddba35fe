import type { JSX } from 'preact';
import { type BarPart, barText } from './standing.js';

/** What is filled, reserved and open as a bar on one line, and in numbers. */
export function StandingBar({
  label,
  parts,
}: {
  readonly label: string;
  readonly parts: readonly BarPart[];
}): JSX.Element {
  return (
    <div class="standing-bar">
      <span class="standing-label">{label}</span>
      <span class="standing-parts" aria-hidden="true">
        {parts.map(
          ({ part, share }) =>
            share > 0 && <span key={part} class={`part ${part}`} style={{ width: `${share * 100}%` }} />,
        )}
      </span>
      <span class="standing-numbers">{barText(parts)}</span>
    </div>
  );
}

/** What the colours of bars mean. */
export function BarLegend(): JSX.Element {
  return (
    <ul class="bar-legend" aria-label="Parts of the bars">
      {(['filled', 'reserved', 'open'] as const).map((part) => (
        <li key={part}>
          <span class={`part ${part}`} aria-hidden="true" /> {part}
        </li>
      ))}
    </ul>
  );
}
