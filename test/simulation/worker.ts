/** A thread that runs one seed after the other, as the pool sends them. */
import { parentPort } from 'node:worker_threads';
import { runSeedAndRepeat } from './seed-run.js';

parentPort?.on('message', (seed: number) => {
  void runSeedAndRepeat(seed).then((report) => {
    parentPort?.postMessage(report);
  });
});
