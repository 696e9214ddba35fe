/** What the client's errors mean: the server is away, it refuses, or there is no use in going on. */
import { ErrorType, isCommandError } from '@eventstore/db-client';
import { asError } from '../../src/log/message-of.js';

/** Codes of gRPC that may be gone at the next attempt: what a server that stops, restarts, hangs or elects a leader answers. */
const TRANSIENT_CODES = new Set([1, 2, 4, 8, 10, 13, 14, 15]);
/** What the client does not turn into an error of its own, as it does UNAUTHENTICATED. */
const PERMISSION_DENIED = 7;

const transientTypes: readonly ErrorType[] = [
  ErrorType.TIMEOUT,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.NOT_LEADER,
];

/** Nothing came for too long although the call stands. */
export class SilentServerError extends Error {
  readonly code = 'SILENT_SERVER';
  constructor(silentMs: number) {
    super(`it accepted the call and has said nothing for ${silentMs} ms`);
    this.name = 'SilentServerError';
  }
}

export function isRefusal(error: unknown): boolean {
  return typeOf(error) === ErrorType.ACCESS_DENIED || codeOf(error) === PERMISSION_DENIED;
}

/** Whether the same may succeed a little later. What was asked for may have been done for all that. */
export function isTransient(error: unknown): boolean {
  if (isRefusal(error)) return false;
  const type = typeOf(error);
  if (type !== undefined && type !== ErrorType.UNKNOWN) return transientTypes.includes(type);
  if (error instanceof SilentServerError || TRANSIENT_CODES.has(codeOf(error))) return true;
  // A stream that ended before it should, and a cluster none of whose members answers.
  return /premature close|failed to discover/i.test(asError(error).message);
}

/** Whether a call was taken and never answered: the node at the other end may hang while another one serves already. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof SilentServerError || typeOf(error) === ErrorType.DEADLINE_EXCEEDED;
}

export function typeOf(error: unknown): ErrorType | undefined {
  const known = asError(error);
  return isCommandError(known) ? known.type : undefined;
}

function codeOf(error: unknown): number {
  const { code } = asError(error) as { code?: unknown }; // any object can be asked for it
  return typeof code === 'number' ? code : -1;
}
