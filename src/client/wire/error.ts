import type { ErrorCode } from './codes.js';

/** They come with a 5xx, and last all the same. */
const LASTING: ReadonlySet<string> = new Set(['LOG_DAMAGED']);

/**
 * What went wrong.
 *
 * From the server: the HTTP `status`, the stable `code` of its problem details (`PRICE_OFF_TICK`, `UNAUTHENTICATED`, …) and its
 * `detail` for people. From the way there: status 0 and code `UNREACHABLE` (with the `cause`), or `UNREADABLE` for an answer that no
 * Parley server gives.
 */
export class ParleyError extends Error {
  /** How long the server asks to wait before the next try, if it does. */
  readonly retryAfterMs: number | undefined;
  /** Of INTENTION_CLOSED, where the server knows it: `filled`, `withdrawn` or `expired`. */
  readonly intentionStatus: string | undefined;

  constructor(
    readonly status: number,
    /** One of those that are known, or of a newer server. */
    readonly code: ErrorCode | (string & {}),
    readonly detail: string,
    options: ErrorOptions & { retryAfterMs?: number; intentionStatus?: string } = {},
  ) {
    super(`${code}: ${detail}`, options);
    this.name = 'ParleyError';
    this.retryAfterMs = options.retryAfterMs;
    this.intentionStatus = options.intentionStatus;
  }

  /** True when trying again may help: the server was not reached, or failed, or was busy. */
  get isTransient(): boolean {
    return this.code === 'UNREACHABLE' || this.status === 429 || (this.status >= 500 && !LASTING.has(this.code));
  }
}

/** The error that an answer outside 2xx stands for. Reads its body. */
export async function errorOf(response: Response): Promise<ParleyError> {
  const text = await response.text().catch(() => '');
  const { code, detail, intentionStatus } = problemOf(text);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const wait = Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {};
  return new ParleyError(response.status, code ?? 'UNREADABLE', detail ?? `${response.status} ${response.statusText}`, {
    ...wait,
    ...(intentionStatus === undefined ? {} : { intentionStatus }),
  });
}

/** The error that a feed of events ends with, from its data. */
export function errorOfFeed(data: string): ParleyError {
  const { status = 503, code = 'UNREADABLE', detail = 'the feed ended with an error' } = problemOf(data);
  return new ParleyError(status, code, detail);
}

function problemOf(text: string): { status?: number; code?: string; detail?: string; intentionStatus?: string } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return {};
    const { status, code, detail, intentionStatus } = body as Readonly<Record<string, unknown>>; // any object can be asked for them
    return {
      ...(typeof status === 'number' ? { status } : {}),
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof detail === 'string' ? { detail } : {}),
      ...(typeof intentionStatus === 'string' ? { intentionStatus } : {}),
    };
  } catch {
    return {};
  }
}
