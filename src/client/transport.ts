import { ParleyError, errorOf } from './error.js';
import { Retries, type RetryOptions } from './retry.js';

/** What of the web's fetch is needed. */
export type Fetch = (url: string, init: RequestInit & { duplex?: 'half' }) => Promise<Response>;

export interface TransportOptions {
  readonly url: string;
  readonly key: string | undefined;
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

  /** Resolves to the parsed body of a good answer. */
  async call(call: Call): Promise<unknown> {
    const retries = new Retries(call.isRepeatable ? this.retry : { attempts: 1 });
    for (;;) {
      try {
        return await this.#once(call);
      } catch (error) {
        await retries.after(error, call.signal);
      }
    }
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
  async open(
    path: string,
    {
      query,
      headers,
      ...init
    }: RequestInit & { query?: Call['query']; headers: Record<string, string>; duplex?: 'half' },
  ): Promise<Response> {
    const { key, fetch } = this.#options;
    if (key !== undefined) headers.authorization = `Bearer ${key}`;
    let response: Response;
    try {
      response = await fetch(`${this.#base}${path}${queryText(query)}`, { ...init, headers });
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
