import { ParleyError, errorOf } from './error.js';
import { type RequestSigner, signatureFields } from './signing.js';
import { Retries, type RetryOptions } from './retry.js';

/** What of the web's fetch is needed. */
export type Fetch = (url: string, init: RequestInit & { duplex?: 'half' }) => Promise<Response>;

export interface TransportOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly sign: RequestSigner | undefined;
  readonly fetch: Fetch;
  readonly retry: RetryOptions;
  readonly timeoutMs: number;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  /** Carried out twice, it does no more than once: only then is it tried again. */
  readonly isRepeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Of one try. What is signed has a text for a body: a stream has no digest before its end. */
interface OpenOptions extends RequestInit {
  readonly method: Call['method'];
  readonly query?: Call['query'];
  readonly headers: Record<string, string>;
  readonly duplex?: 'half';
}

/** Requests with the key, within a time, tried again where that is safe; errors as ParleyError. */
export class Transport {
  readonly retry: RetryOptions;
  readonly #options: TransportOptions;
  readonly #base: string;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.retry = options.retry;
    this.#base = options.url.replace(/\/+$/, '');
  }

  /** Whether requests are signed, so that their bodies must be there whole. */
  get isSigning(): boolean {
    return this.#options.key === undefined && this.#options.sign !== undefined;
  }

  /** Resolves to the parsed body of a good answer. */
  async call<Value>(call: Call): Promise<Value> {
    const retries = new Retries(call.isRepeatable ? this.retry : { attempts: 1 });
    for (;;) {
      try {
        return (await this.#once(call)) as Value; // the OpenAPI document says so, and a test of the server holds it to that
      } catch (error) {
        await retries.after(error, call.signal);
      }
    }
  }

  /** A look at something: safe to repeat. */
  read<Value>(path: string, query: NonNullable<Call['query']>, signal: AbortSignal | undefined): Promise<Value> {
    return this.call({ method: 'GET', path, query, isRepeatable: true, signal });
  }

  async #once({ method, path, query, body, signal }: Call): Promise<unknown> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    const response = await this.open(path, {
      method,
      ...(query === undefined ? {} : { query }),
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    }).catch((error: unknown) => {
      throw timeout.aborted ? new ParleyError(0, 'UNREACHABLE', `no answer in ${this.#options.timeoutMs} ms`) : error;
    });
    try {
      return await response.json();
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof SyntaxError)
        throw new ParleyError(response.status, 'UNREADABLE', 'the answer is not JSON', { cause });
      throw unreachable(cause);
    }
  }

  /** One try. Resolves to a good answer whose body has not been read. */
  async open(path: string, { query, headers, ...init }: OpenOptions): Promise<Response> {
    const { key, sign, fetch } = this.#options;
    const url = `${this.#base}${path}${queryText(query)}`;
    if (key !== undefined) headers.authorization = `Bearer ${key}`;
    // Each try is signed for itself: a signature holds for seconds.
    else if (sign !== undefined)
      Object.assign(headers, await signatureFields(sign, { method: init.method, url, body: textOf(init.body) }));
    let response: Response;
    try {
      response = await fetch(url, { ...init, headers });
    } catch (cause) {
      init.signal?.throwIfAborted();
      throw unreachable(cause);
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}

/** The way there or back broke. */
export function unreachable(cause: unknown): ParleyError {
  if (cause instanceof ParleyError) return cause;
  const { cause: deeper } = cause instanceof Error ? cause : {};
  const why = deeper instanceof Error ? deeper.message : String(cause);
  return new ParleyError(0, 'UNREACHABLE', why, { cause });
}

function queryText(query: Call['query'] = {}): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) text.set(name, String(value));
  return text.size === 0 ? '' : `?${text.toString()}`;
}

function textOf(body: RequestInit['body']): string | undefined {
  return typeof body === 'string' ? body : undefined;
}
