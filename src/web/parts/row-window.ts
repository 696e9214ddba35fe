import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { type Stretch, useVisible } from './use-visible.js';

/** Which rows of a long list are in the document, and how high what stands for the others is. */
export interface RowWindow {
  readonly from: number;
  readonly until: number;
  readonly heightBefore: number;
  readonly heightAfter: number;
}

/** The rows of one height that lie in a stretch of what holds them all. */
export function windowOf(stretch: Stretch, rowHeight: number, count: number): RowWindow {
  const from = Math.max(0, Math.min(count, Math.floor(stretch.from / rowHeight)));
  const until = Math.max(from, Math.min(count, Math.ceil(stretch.until / rowHeight)));
  return { from, until, heightBefore: from * rowHeight, heightAfter: (count - until) * rowHeight };
}

/** The window of the rows in an element, as the page is scrolled. */
export function useRowWindow<Holder extends Element>(
  count: number,
  rowHeight: number,
): RowWindow & { readonly of: RefObject<Holder> } {
  const of = useRef<Holder>(null);
  const visible = useVisible(of);
  return { ...windowOf(visible.value, rowHeight, count), of };
}
