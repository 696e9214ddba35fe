import type { Logger } from 'pino';
import { errorCode } from '../../log/message-of.js';
import type { RunningServer } from '../../server/server.js';
import { ExitCode } from '../exit.js';
import type { Console } from '../console.js';

/** Failures that opening the log again cannot mend. */
const FINAL = new Set<unknown>([
  ...['LOG_DAMAGED', 'LOG_LOST', 'LOG_REFUSED', 'BROKEN_HISTORY', 'DAMAGED_EVENT', 'CLOCK_BEHIND_LOG'],
  ...['EACCES', 'EPERM', 'EROFS'],
]);
/** Another process has the log, which is for one at a time. */
const TAKEN = 'LOG_LOCKED';

export function isFinal(error: unknown): boolean {
  return FINAL.has(errorCode(error));
}

/** The same for a process that shares its shards with none. */
export function isFinalAlone(error: unknown): boolean {
  return isFinal(error) || errorCode(error) === TAKEN;
}

/** Ends the process because a shard of its own has stopped permanently. */
export function endFor(
  reason: string,
  shard: number,
  { console, logger, server }: { console: Console; logger: Logger; server: RunningServer | undefined },
): void {
  logger.fatal({ shard, reason }, 'the shard has stopped for good: the process ends');
  console.exitCode = ExitCode.Failure;
  server?.stop().catch((error: unknown) => logger.error({ err: error }, 'the stop failed'));
}
