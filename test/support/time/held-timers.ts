/**
 * Stands in for node:timers/promises, whose timers vi.useFakeTimers does not hold. These are made of the global ones, which it does:
 *
 *     vi.mock('node:timers/promises', () => import('../../../support/time/held-timers.js'));
 */
import { promisify } from 'node:util';

export const setImmediate = promisify(globalThis.setImmediate);

/** Resolves with the value after the time, or rejects when aborted. */
export function setTimeout<Value>(
  delayMs?: number,
  value?: Value,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new DOMException('the timer was aborted', 'AbortError'));
    };
    const timer = globalThis.setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    }, delayMs);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
