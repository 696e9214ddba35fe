import { type Signal, useSignal } from '@preact/signals';
import { type RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** How wide an element is, in whole pixels, and a reference to give it; 0 until it is in the page. */
export function useWidth<Measured extends Element>(): {
  readonly ref: RefObject<Measured>;
  readonly width: Signal<number>;
} {
  const ref = useRef<Measured>(null);
  const width = useSignal(0);
  useLayoutEffect(() => {
    const { current } = ref;
    if (current === null) return;
    const measure = (): void => {
      width.value = Math.floor(current.getBoundingClientRect().width);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [width]);
  return { ref, width };
}
