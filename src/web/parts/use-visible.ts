import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** From where to where, in pixels below an element’s top. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** In these steps it changes, so that scrolling seldom does anything. */
const STEP_PX = 500;

/** Which stretch of a tall element is on the screen, or near it. */
export function useVisible(ref: RefObject<Element>): ReadonlySignal<Stretch> {
  const visible = useSignal<Stretch>({ from: 0, until: 4 * STEP_PX });
  useLayoutEffect(() => {
    const measure = (): void => {
      const { current } = ref;
      if (current === null) return;
      const above = Math.floor(-current.getBoundingClientRect().top / STEP_PX) - 1;
      const from = above * STEP_PX;
      const until = from + (Math.ceil(innerHeight / STEP_PX) + 3) * STEP_PX;
      const before = visible.peek();
      if (before.from !== from || before.until !== until) visible.value = { from, until };
    };
    measure();
    // Whatever scrolls, the page or a part of it.
    document.addEventListener('scroll', measure, { capture: true, passive: true });
    addEventListener('resize', measure);
    return () => {
      document.removeEventListener('scroll', measure, { capture: true });
      removeEventListener('resize', measure);
    };
  }, [ref, visible]);
  return visible;
}
