import type { JSX } from 'preact';
import { Link } from '../app/link.js';
import { grouped } from './decimal.js';

/** A position as it is found in the view of the log. */
export function LogLink({
  position,
  shard,
  isStanding = false,
}: {
  readonly position: number;
  /** Whose log it is of, where that is another than the page’s. */
  readonly shard?: number | undefined;
  /** The page goes to the moment after the event that stands there, too. */
  readonly isStanding?: boolean;
}): JSX.Element {
  const ofShard = shard === undefined ? '' : `&shard=${shard}`;
  const at = isStanding ? `&at=${position + 1}` : '';
  return (
    <Link to={`/log?position=${position}${at}${ofShard}`} class="num">
      {grouped(position)}
    </Link>
  );
}
