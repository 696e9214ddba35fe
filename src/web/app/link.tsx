import type { ComponentChildren, JSX } from 'preact';
import { addressOf, go } from './address.js';

type Anchor = Omit<JSX.IntrinsicElements['a'], 'href' | 'onClick'>;

/** Leads to a view at the same moment: an ordinary link, which may be opened in another tab, but does not load the page again. */
export function Link({
  to,
  children,
  ...rest
}: Anchor & { readonly to: string; readonly children: ComponentChildren }): JSX.Element {
  const href = addressOf(to);
  return (
    <a {...rest} href={href} onClick={(event) => follow(event, href)}>
      {children}
    </a>
  );
}

/** Of an address that is whole already. */
export function follow(event: MouseEvent, href: string): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  go(href);
  window.scrollTo(0, 0);
}
