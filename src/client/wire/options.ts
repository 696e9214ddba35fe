import type { RetryOptions } from './retry.js';
import type { RequestSigner } from './signing.js';
import { type Fetch, Transport } from './transport.js';

export interface ParleyClientOptions {
  /** Where the exchange is: `http://127.0.0.1:7070`. */
  readonly url: string;
  /** API key, where the exchange has keys. */
  readonly key?: string | undefined;
  /** Signs requests, where the exchange has the public key, instead of showing a key. */
  readonly sign?: RequestSigner | undefined;
  /** Another fetch than the platform's. */
  readonly fetch?: Fetch | undefined;
  /** How often, and how soon, what can safely be tried again is. */
  readonly retry?: RetryOptions | undefined;
  /** How long one try may take. 30,000 unless said otherwise; streams have no limit. */
  readonly timeoutMs?: number | undefined;
}

/** The way to an exchange. */
export function transportOf(options: ParleyClientOptions): Transport {
  const { url, key, sign, fetch = globalThis.fetch, retry = {}, timeoutMs = 30_000 } = options;
  return new Transport({ url, key, sign, fetch: (input, init) => fetch(input, init), retry, timeoutMs });
}
