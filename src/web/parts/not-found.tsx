import type { JSX } from 'preact';
import { isLive } from '../app/moment.js';
import { Failure } from './failure.js';

/** In the place of what was asked for: why it is not there, which may be the moment. */
export function NotFound({
  title,
  error,
  onAgain,
  mayBeLater,
}: {
  readonly title: string;
  readonly error: unknown;
  readonly onAgain: () => void;
  /** What may not have happened by an earlier moment: `it may not have been posted by then`. */
  readonly mayBeLater: string;
}): JSX.Element {
  return (
    <>
      <h1>{title}</h1>
      <Failure error={error} onAgain={onAgain} />
      {!isLive.value && <p class="lead">The page stands at an earlier moment: {mayBeLater}.</p>}
    </>
  );
}
