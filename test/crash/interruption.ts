import { endAll } from '../support/cli/parley.js';
import { ExitCode } from '../support/rig.js';

/** Resolves after a SIGINT or SIGTERM, once `end` has ended all that is under way. */
export function interruption(end: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const interrupt = (): void => void end().then(resolve);
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  });
}

/** The exit code that `work` resolves to; after a SIGINT or SIGTERM that of an interrupted program, once its servers have ended. */
export async function unlessInterrupted(work: Promise<number>): Promise<number> {
  const interrupting = new AbortController();
  const interrupted = interruption(() => {
    interrupting.abort();
    return endAll();
  });
  try {
    return await Promise.race([work, interrupted.then(() => ExitCode.Interrupted)]);
  } catch (error) {
    // What is under way fails when its servers are ended.
    if (interrupting.signal.aborted) return ExitCode.Interrupted;
    throw error;
  }
}
