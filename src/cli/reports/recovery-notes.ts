import type { Logger } from '../../resilience/logger.js';
import { printable } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';

/** Tells people what the log and the shard say while they start, as far as it is out of the ordinary: tails cut back, deals in doubt. */
export function recoveryNotes(terminal: Terminal): Logger {
  const told = (fields: object, message: string): string => {
    const deal = 'deal' in fields ? ` (deal ${String(fields.deal)})` : '';
    const cause = 'err' in fields && fields.err instanceof Error ? fields.err.message : '';
    return printable(`${message}${deal}${cause === '' || message.includes(cause) ? '' : `: ${cause}`}`);
  };
  return {
    info: (fields, message) => {
      if ('deal' in fields) terminal.note(told(fields, message));
    },
    warn: (fields, message) => terminal.warn(told(fields, message)),
    error: (fields, message) => terminal.error(told(fields, message)),
  };
}
