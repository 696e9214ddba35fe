import type { Scheduler } from '../exchange/shard/scheduler.js';

/** Resolves when the work has ended, but after `ms` at the latest. The work must not reject. */
export async function atMost(scheduler: Scheduler, ms: number, work: Promise<unknown>): Promise<void> {
  let cancel = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    cancel = scheduler.after(ms, resolve);
  });
  await Promise.race([work, late]);
  cancel();
}
