import type { JSX } from 'preact';

/** How far something has come, in words beside the bar; without an end that is known the bar only moves. */
export function Progress({
  label,
  done,
  of,
  text,
}: {
  readonly label: string;
  readonly done: number;
  readonly of: number | undefined;
  readonly text: string;
}): JSX.Element {
  return (
    <div class="progress">
      <progress aria-label={label} value={of === undefined ? undefined : done} max={Math.max(1, of ?? 1)} />
      <span class="num">{text}</span>
    </div>
  );
}
