import type { Timers } from '../../resilience/deadline.js';

/**
 * When things are done that nobody waits for: the end of a round of the event loop, and later. A simulation has its own, and with it
 * every interleaving in its hand.
 */
export interface Scheduler extends Timers {
  /** Runs a task once what is under way has come to its end: never at once. */
  soon(task: () => void): void;
  /** Runs a task after so many milliseconds, unless the function that it returns is called before. Keeps no process alive. */
  after(delayMs: number, task: () => void): () => void;
}

export const nodeScheduler: Scheduler = {
  soon: (task) => setImmediate(task),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
