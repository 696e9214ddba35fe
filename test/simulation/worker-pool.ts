import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SeedReport } from './seed-run.js';

/**
 * Runs seeds in several threads, and hands over each report as it comes. After a failure no new seed is begun; those under way are
 * finished, so the lowest seed that fails is found whatever the number of threads.
 */
export async function runSeeds(
  first: number,
  count: number,
  threads: number,
  report: (report: SeedReport) => void,
): Promise<void> {
  let next = first;
  let hasFailed = false;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.js', import.meta.url));
    try {
      while (next < first + count && !hasFailed) {
        const answered = once(worker, 'message');
        worker.postMessage(next++);
        const [answer] = (await answered) as [SeedReport]; // what worker.ts posts
        if (answer.failure !== undefined) hasFailed = true;
        report(answer);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, count) }, work));
}
