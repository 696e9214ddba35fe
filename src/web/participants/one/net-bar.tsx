import type { JSX } from 'preact';
import type { Position } from '../../../client/types.js';

/** How far a position is to one side: of the limit where there is one, or else of what was dealt on the larger side. */
export function NetBar({
  position: { net, bought, sold },
  limit,
}: {
  readonly position: Position;
  readonly limit: string | undefined;
}): JSX.Element {
  const most = Number(limit ?? 0) > 0 ? Number(limit) : Math.max(Number(bought), Number(sold));
  const share = most === 0 ? 0 : Math.min(1, Math.abs(Number(net)) / most);
  const isLong = Number(net) >= 0;
  const title =
    limit === undefined ? `of ${isLong ? bought : sold} ${isLong ? 'bought' : 'sold'}` : `of ${limit} at most`;
  return (
    <span class="net-bar" aria-hidden="true" title={title}>
      <span
        class={`net-bar-fill ${isLong ? 'long' : 'short'}`}
        style={{ width: `${share * 50}%`, left: isLong ? '50%' : `${50 - share * 50}%` }}
      />
    </span>
  );
}
