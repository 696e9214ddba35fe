import type { RunningServer, ServerOptions } from '../../../src/server/server.js';
import { readPage } from '../../../src/server/page/page.js';
import { listen, type Market, openMarket } from '../../support/http/market.js';

export interface Served {
  readonly market: Market;
  readonly server: RunningServer;
  readonly url: string;
}

/** A market with ACME, and its page, until the test is over. */
export async function servedMarket(options: Partial<ServerOptions> = {}): Promise<Served> {
  const market = await openMarket();
  const server = await listen(market, { page: builtPage(), ...options });
  return { market, server, url: server.url };
}

/** The page as it was built last. */
export function builtPage(): NonNullable<ReturnType<typeof readPage>> {
  const page = readPage();
  if (page === undefined) throw new Error('the page has not been built: npm run build');
  return page;
}
