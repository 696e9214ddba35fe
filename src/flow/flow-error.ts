/** Why recorded order flow cannot be read. The codes are stable. */
export const flowErrors = {
  FLOW_UNREADABLE: 'the file is missing, a directory, or cannot be read',
  FLOW_EMPTY: 'the file holds no line with content, or no command',
  FLOW_DAMAGED_GZIP: 'the compressed data are cut short or damaged',
  FLOW_NOT_TEXT: 'a line holds a NUL byte or is not UTF-8',
  FLOW_LINE_TOO_LONG: 'a line is longer than any line of order flow can be',
  FLOW_MALFORMED_LINE: 'a line is none of the forms that the format knows',
  FLOW_MISPLACED_LINE: 'an expectation stands where it can expect nothing',
  FLOW_PHASE_TOO_LATE: 'an uncross comes too late to show that the file began in call phase',
  FLOW_TIME_PASSED: 'an `at` line names a time that has passed',
  FLOW_TOO_MUCH_STATE: 'more would have to be remembered than the reader is willing to',
} as const;

export type FlowErrorCode = keyof typeof flowErrors;

/** Order flow that cannot be read on. What was read before it stands; nothing after it is read. */
export class FlowError extends Error {
  override readonly name = 'FlowError';

  constructor(
    readonly code: FlowErrorCode,
    readonly where: FlowPlace,
    problem: string,
    options?: ErrorOptions,
  ) {
    const { file, line } = where;
    super(`${file}${line === undefined ? '' : `:${line}`}: ${problem}`, options);
  }
}

/** Where in order flow something is wrong. */
export interface FlowPlace {
  /** As named on the command line; `stdin` for `-`. */
  readonly file: string;
  /** 1-based; left out where the file as a whole is at fault. */
  readonly line?: number | undefined;
}

/** Makes the error for the place that is being read. */
export type Blame = (code: FlowErrorCode, problem: string, cause?: unknown) => FlowError;

const QUOTED_CHARACTERS = 80;

/** Text from a file, made safe and short enough for a terminal: in quotes, cut, with all but printable ASCII escaped. */
export function quoted(text: string): string {
  const shown = text.length > QUOTED_CHARACTERS ? `${text.slice(0, QUOTED_CHARACTERS)}…` : text;
  return JSON.stringify(shown).replace(
    /[^\x20-\x7e…]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
