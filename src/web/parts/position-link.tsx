import type { JSX } from 'preact';
import { addressAt } from '../app/address.js';
import { follow } from '../app/link.js';

/** A position of the log. It takes the page to the moment after the event that stands there. */
export function PositionLink({ position }: { readonly position: number }): JSX.Element {
  const href = addressAt(position + 1);
  return (
    <a
      class="num position"
      href={href}
      title={`Stand after the event at ${position}`}
      onClick={(event) => follow(event, href)}
    >
      {position}
    </a>
  );
}
