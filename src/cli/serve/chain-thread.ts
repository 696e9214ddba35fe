/** A thread that reads a log up to a snapshot beside the replay, sees whether it is one chain, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { EmbeddedPlace } from '../log-place/embedded-place.js';
import type { EmbeddedSettings } from '../log-place/settings.js';
import { mustBeOneChain } from '../../log/whole-log.js';

export interface ChainThreadData {
  readonly settings: EmbeddedSettings;
  readonly head: number;
}

if (parentPort !== null) {
  const { settings, head } = workerData as ChainThreadData; // ChainCheck starts it with nothing else
  const log = await new EmbeddedPlace(settings).log();
  await mustBeOneChain({ log: log.asWritten(), head });
  parentPort.postMessage('whole');
}
