import type { JSX } from 'preact';
import { positionOfPlace } from '../../../projections/store/places.js';
import { addressAt } from '../app/address.js';
import { follow } from '../app/link.js';

/** A position of the log. It takes the page to the moment after the event that stands there. */
export function PositionLink({
  position,
  shard,
}: {
  /** Or its place, as deals of several shards have it. */
  readonly position: number;
  /** Whose log it is of, where there are several. */
  readonly shard: number | undefined;
}): JSX.Element {
  const own = positionOfPlace(position);
  const href = addressAt(own + 1, shard);
  return (
    <a
      class="num position"
      href={href}
      title={`Stand after the event at ${own}`}
      onClick={(event) => follow(event, href)}
    >
      {own}
    </a>
  );
}
