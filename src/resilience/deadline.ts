/** What a wait needs of time. A simulation, and a test, has its own. */
export interface Timers {
  /** Runs a task after so many milliseconds, unless the function that it returns is called before. */
  after(delayMs: number, task: () => void): () => void;
}

const realTimers: Timers = {
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * What is asked; or, where that takes longer than `ms`, what `late` returns or throws. What comes of the question after that is
 * ignored. Leaves no timer behind.
 */
export async function withDeadline<Value, Late>(
  asked: Promise<Value>,
  ms: number,
  late: () => Late,
  timers: Timers = realTimers,
): Promise<Value | Late> {
  let cancel = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    cancel = timers.after(ms, resolve);
  });
  try {
    return await Promise.race([asked, over.then(late)]);
  } finally {
    cancel();
  }
}
