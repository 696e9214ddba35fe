import { setPriority } from 'node:os';

/** As `nice` counts. */
const PRIORITY = 5;

/**
 * To be called in a thread: where there are fewer processors than threads, the exchange needs them more. Only where a thread can have a
 * priority of its own; elsewhere it would be that of the process.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(PRIORITY);
  } catch {
    // It may be forbidden; then they are equals.
  }
}
