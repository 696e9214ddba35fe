import { type Problem, problem } from '../../../api/problem.js';

/** What a reader is told about an error of its source before its feed is closed. */
export function problemOf(error: unknown): Problem {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'LOG_DAMAGED':
    case 'LOG_LOST':
      return problem('LOG_DAMAGED', 'the log is damaged, or was changed from outside, and is followed no further');
    case 'TOO_SLOW':
      return problem('TOO_SLOW', 'what this reader lacks is no longer kept; come back with the last id that you have');
    default:
      return problem('UNAVAILABLE', 'the log cannot be followed now; come back shortly');
  }
}
