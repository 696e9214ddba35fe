import { type Problem, problem } from '../../api/problem.js';
import { problemJson } from '../problem-details.js';

/** The message that a reader receives before its feed is cut: problem details, without an id, so that it keeps its place. */
export function messageOf(why: Problem): string {
  return `event: error\ndata: ${problemJson(why)}\n\n`;
}

/** The message for an error of the log. */
export function errorMessage(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return messageOf(
    code === 'LOG_DAMAGED' || code === 'LOG_LOST'
      ? problem('LOG_DAMAGED', 'the log is damaged, or was changed from outside, and is followed no further')
      : problem('UNAVAILABLE', 'the log cannot be followed now; come back shortly'),
  );
}
