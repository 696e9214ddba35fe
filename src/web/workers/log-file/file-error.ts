import { ParleyError } from '../../../client/wire/error.js';

/** Why a file cannot be shown as a log. */
export type FileErrorCode =
  /** It holds no event. */
  | 'FILE_EMPTY'
  /** The system does not let it be read. */
  | 'FILE_UNREADABLE'
  /** What is compressed is damaged, or was cut short. */
  | 'GZIP_DAMAGED'
  | 'NOT_TEXT'
  | 'LINE_TOO_LONG'
  /** A line is no event of a log. */
  | 'LINE_INVALID'
  | 'POSITION_GAP'
  | 'STREAM_DIFFERS'
  | 'BATCH_TOO_LARGE'
  /** The events cannot have happened one after the other, so no state can be made of them. */
  | 'HISTORY_BROKEN';

/** What is wrong with a file. The detail names the line, where it is one. */
export class LogFileError extends ParleyError {
  constructor(
    override readonly code: FileErrorCode,
    what: string,
    /** Counted from 1. */
    readonly line?: number,
    options?: ErrorOptions,
  ) {
    super(0, code, line === undefined ? what : `line ${line}: ${what}`, options);
    this.name = 'LogFileError';
  }
}
