/** Problems as RFC 9457 problem details. The one place that knows which HTTP status a code gets. */
import { STATUS_CODES } from 'node:http';
import { type Problem, type ProblemCode, problem } from '../api/problem.js';

/** Of a refusal, 400: cannot be understood. 422: understood, and against the instrument’s terms. 409: against how things stand now. */
export const statusOf: Readonly<Record<ProblemCode, number>> = {
  INVALID_COMMAND: 400,
  INVALID_CLIENT_ID: 400,
  INVALID_PARTICIPANT: 400,
  INVALID_SYMBOL: 400,
  INVALID_INSTRUMENT: 400,
  INVALID_PRICE: 400,
  INVALID_QUANTITY: 400,
  INVALID_EXPIRY: 400,
  INVALID_COMBINATION: 400,
  PRICE_OFF_TICK: 422,
  PRICE_OUT_OF_BAND: 422,
  QUANTITY_OFF_LOT: 422,
  QUANTITY_TOO_LARGE: 422,
  UNKNOWN_INSTRUMENT: 404,
  UNKNOWN_INTENTION: 404,
  UNKNOWN_DEAL: 404,
  INTENTION_CLOSED: 409,
  TOO_LATE: 409,
  DEAL_UNDECIDED: 409,
  NOT_YOURS: 403,
  CLIENT_ID_REUSED: 409,
  WRONG_PHASE: 409,
  POST_ONLY_WOULD_DEAL: 409,
  SELF_TRADE: 409,
  NOT_LESS: 409,
  INSTRUMENT_DIFFERS: 409,
  LIMIT_OPEN_QUANTITY: 409,
  LIMIT_NET_POSITION: 409,
  LIMIT_RATE: 429,
  HALTED: 409,
  SHARD_UNAVAILABLE: 503,
  SHARD_BUSY: 503,
  // What the server itself answers.
  MALFORMED_HTTP: 400,
  MALFORMED_JSON: 400,
  UNAUTHENTICATED: 401,
  SIGNATURE_INVALID: 401,
  SIGNATURE_EXPIRED: 401,
  DIGEST_MISMATCH: 400,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  UNKNOWN_SHARD: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  POSITION_AHEAD: 409,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UPGRADE_REQUIRED: 426,
  TOO_MANY_REQUESTS: 429,
  TOO_SLOW: 429,
  INTERNAL: 500,
  LOG_DAMAGED: 500,
  UNAVAILABLE: 503,
};

/** For hooks and validators, to which Fastify leaves no other way to end a request. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly statusCode: number;
  constructor(
    code: ProblemCode,
    detail: string,
    /** To be sent with it. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
    this.problem = problem(code, detail);
    this.statusCode = statusOf[code];
  }
}

/** `PRICE_OFF_TICK` → `Price off tick`. */
export function titleOf(code: ProblemCode): string {
  const words = code.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function problemJson({ code, detail, intentionStatus }: Problem, instance?: string): string {
  return JSON.stringify({
    type: `urn:parley:problem:${code}`,
    title: titleOf(code),
    status: statusOf[code],
    code,
    detail,
    intentionStatus,
    instance,
  });
}

export const problemMediaType = 'application/problem+json';

/** A whole HTTP response, for a connection that no route answers on any more: it ends with this. */
export function lastResponse(what: Problem, headers: readonly string[] = [], instance?: string): string {
  const body = problemJson(what, instance);
  const status = statusOf[what.code];
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    ...headers,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
