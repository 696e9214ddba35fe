/** Why something is refused: a stable code, and a detail for people. Which HTTP status a code gets, the server alone knows. */
import type { Answer, IntentionStatus } from '../exchange/commands.js';

/** The codes that the exchange refuses a command with. */
export type RefusalCode = Extract<Answer<object>, { readonly ok: false }>['code'];

/** The codes that the server answers with itself, before or beside the exchange. */
type ServerCode =
  | 'MALFORMED_HTTP'
  | 'MALFORMED_JSON'
  | 'UNAUTHENTICATED'
  | 'SIGNATURE_INVALID'
  | 'SIGNATURE_EXPIRED'
  | 'DIGEST_MISMATCH'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'UNKNOWN_SHARD'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_ACCEPTABLE'
  | 'REQUEST_TIMEOUT'
  | 'POSITION_AHEAD'
  | 'BODY_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UPGRADE_REQUIRED'
  | 'TOO_MANY_REQUESTS'
  | 'TOO_SLOW'
  | 'INTERNAL'
  | 'LOG_DAMAGED'
  | 'UNAVAILABLE';

export type ProblemCode = RefusalCode | ServerCode;

/** A refusal of the exchange is one as it stands. */
export interface Problem {
  readonly ok: false;
  readonly code: ProblemCode;
  /** What exactly was wrong, for people. */
  readonly detail: string;
  /** Of INTENTION_CLOSED, where it is known: how it ended. */
  readonly intentionStatus?: Exclude<IntentionStatus, 'open'>;
}

export function problem(code: ProblemCode, detail: string): Problem {
  return { ok: false, code, detail };
}
