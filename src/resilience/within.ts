import { withDeadline } from './deadline.js';

/** There was no answer in time. */
export class LateError extends Error {
  override readonly name = 'LateError';
  readonly code = 'LATE';
}

/** What is asked, or a LateError after `timeoutMs`. */
export function within<Value>(asked: Promise<Value>, timeoutMs: number, what: string): Promise<Value> {
  return withDeadline(asked, timeoutMs, () => {
    throw new LateError(`${what} took longer than ${timeoutMs} ms`);
  });
}
