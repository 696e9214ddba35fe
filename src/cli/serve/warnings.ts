/** Warnings of Node's own: lines of the log, not text between them. */
import type { Readable } from 'node:stream';
import type { ShardLogger } from '../../exchange/logger.js';

type Warned = Pick<ShardLogger, 'warn'>;

/** Of this thread, from now on. Node's own listener, which writes them to stderr, goes. */
export function logWarnings(logger: Warned): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    logger.warn({ err: warning }, 'Node warns');
  });
}

/** Of another thread, which has no logger: what it writes to its stderr. */
export function logStderr(stderr: Readable, thread: string, logger: Warned): void {
  stderr.setEncoding('utf8').on('data', (text: string) => {
    logger.warn({ thread, text: text.trimEnd() }, 'a thread writes to stderr');
  });
}
