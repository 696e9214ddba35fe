import type { Logger } from '../resilience/logger.js';
import type { RunningServer } from './server.js';

/**
 * SIGTERM and SIGINT stop the server, SIGHUP reads its keys again. Calls back with the signal that stops it. A second SIGTERM or
 * SIGINT finds no listener any more and ends the process at once.
 */
export function obeySignals(
  server: RunningServer,
  logger: Logger,
  onStop: (signal: NodeJS.Signals) => void = () => undefined,
): void {
  const stop = (signal: NodeJS.Signals): void => {
    release();
    logger.info({ signal }, 'stopping');
    onStop(signal);
    server.stop().catch((error: unknown) => logger.error({ err: error }, 'the stop failed'));
  };
  const reload = (): void => {
    server.reloadKeys().then(
      (news) => logger.info({ ...news }, 'read the keys again'),
      (error: unknown) => logger.error({ err: error }, 'the keys stay as they were'),
    );
  };
  const release = (): void => {
    process.off('SIGTERM', stop).off('SIGINT', stop).off('SIGHUP', reload);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', reload);
  void server.stopped.then(release, release);
}
