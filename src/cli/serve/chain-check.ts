import { Worker } from 'node:worker_threads';
import type { OpenOptions } from '../../exchange/recovery.js';
import { mustBeOneChain } from '../../log/whole-log.js';
import type { EmbeddedSettings, LogSettings } from '../log-place/settings.js';
import type { ChainThreadData } from './chain-thread.js';

type Checked = Parameters<NonNullable<OpenOptions['check']>>;

/** A log up to here is read on the spot: it takes less time than starting a thread. */
const SHORT_EVENTS = 100_000;

/**
 * Sees whether a log in a folder is one chain before a snapshot, in a thread of its own where that takes long. Rejects with
 * DamagedLogError, or an error with its code. Undefined for logs that another program keeps: that is its concern.
 */
export function chainCheck(settings: LogSettings): OpenOptions['check'] {
  return settings.kind === 'embedded' ? (found, signal) => checkChain(settings, found, signal) : undefined;
}

async function checkChain(settings: EmbeddedSettings, ...[found, signal]: Checked): Promise<void> {
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
