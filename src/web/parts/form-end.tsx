import type { JSX } from 'preact';
import { Failure } from './failure.js';

/** The end of a form in a dialog: what went wrong, the way out, and the button that does it. */
export function FormEnd({
  text,
  onLeave,
  isBusy,
  error,
  style = 'primary',
}: {
  /** On the button. */
  readonly text: string;
  readonly onLeave: () => void;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly style?: 'primary' | 'danger';
}): JSX.Element {
  return (
    <>
      {error !== undefined && <Failure error={error} />}
      <div class="form-end">
        <button type="button" onClick={onLeave}>
          Cancel
        </button>
        <button type="submit" class={style} disabled={isBusy}>
          {text}
        </button>
      </div>
    </>
  );
}
