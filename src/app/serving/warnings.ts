import type { Logger } from '../../resilience/logger.js';

/** From now on, Node's own warnings of this thread are lines of the log, and not text on stderr between them. */
export function logWarnings(logger: Pick<Logger, 'warn'>): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.warn({ err: warning }, 'Node warns'));
}
