import { Worker } from 'node:worker_threads';
import type { FoundLog } from '../../log/port.js';
import { mustBeOneChain } from '../../log/whole-log.js';
import type { LogSettings } from '../log-place/settings.js';
import type { ChainThreadData } from './chain-thread.js';

/** A log up to here is read on the spot: it takes less time than starting a thread. */
const SHORT_EVENTS = 100_000;

/**
 * Sees whether a log in a folder is one chain from its first event on, in a thread of its own where that takes long: a replay beside it
 * takes longer. Rejects with DamagedLogError, or an error with its code. Logs that another program keeps are its concern.
 */
export async function checkChain(settings: LogSettings, found: FoundLog, signal: AbortSignal): Promise<void> {
  if (settings.kind !== 'embedded') return;
  if (found.head <= SHORT_EVENTS) return mustBeOneChain(found);
  const data: ChainThreadData = { settings, head: found.head };
  const worker = new Worker(new URL('./chain-thread.js', import.meta.url), { workerData: data });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', (error) => reject(error));
      worker.once('exit', () => reject(new Error('the log was not read to its end')));
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
