import type { LogSink } from '../../log/log-sink.js';

/** From now on, Node's own warnings of this thread are lines of the log, and not text on stderr between them. */
export function logWarnings(logger: Pick<LogSink, 'warn'>): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger.warn({ err: warning }, 'Node warns'));
}
