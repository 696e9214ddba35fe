/**
 * How long tests wait for what must come. They wait for the thing itself (a line, a state, a position), and this only bounds the
 * wait for what never comes: it is far beyond what a slow machine under load takes, and no test asserts it.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** What a test waits for comes before this, on whatever machine. */
export const PATIENCE_MS = 240_000;

/** What a whole program of a test rig takes at the most: it starts servers and brokers, and ends them, many times. */
export const PROGRAM_PATIENCE_MS = 1_800_000;

const FIRST_LOOK_MS = 1;
const LOOK_EACH_MS = 10;

/** Resolves as soon as `isSo`. Rejects with `what` was waited for, should it never be. Tests of vitest have `expect.poll`. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await becomes(isSo, LOOK_EACH_MS))) throw new Error(`waited in vain until ${what}`);
}

/** Resolves to true as soon as `isSo`, and to false should it never be. What comes at once is seen at once: looks grow rarer. */
export async function becomes(isSo: () => boolean | Promise<boolean>, lookEachMs: number): Promise<boolean> {
  const givenUpAtMs = performance.now() + PATIENCE_MS;
  for (let waitMs = FIRST_LOOK_MS; !(await isSo()); waitMs = Math.min(2 * waitMs, lookEachMs)) {
    if (performance.now() > givenUpAtMs) return false;
    await sleep(waitMs);
  }
  return true;
}
