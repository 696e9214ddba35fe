import { type Fetch, ParleyClient, type PostIntention } from '../../../src/client/index.js';
import { PATIENCE_MS } from '../patience.js';
import { type Market, listen } from './market.js';

/** Quick enough for tests. */
export const retry = { baseMs: 5, maxMs: 50 };

/** A client of a server that listens, with the true fetch unless another is given. */
export async function clientOf(
  market: Market,
  { keyFile, ...options }: { key?: string; keyFile?: string; fetch?: Fetch } = {},
): Promise<ParleyClient> {
  const { url } = await listen(market, { keyFile });
  return new ParleyClient({ url, retry, timeoutMs: PATIENCE_MS, ...options });
}

/** To buy 100 ACME at 10.25, for alice. */
export const post = (clientIntentionId: string, terms: Partial<PostIntention> = {}): PostIntention => ({
  ...{ clientIntentionId, participant: 'alice', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100' },
  ...terms,
});
