import type { JSX } from 'preact';
import type { Side } from '../../client/types.js';

/** Buy or sell: by word and arrow, and only then by colour. */
export function SideTag({ side }: { readonly side: Side }): JSX.Element {
  return (
    <span class={`side ${side}`}>
      <span aria-hidden="true">{side === 'buy' ? '▲' : '▼'}</span> {side}
    </span>
  );
}
