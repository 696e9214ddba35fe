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

/** The same, in which alice offers 300 at 10.30, as intention 1. */
export async function servedOffer(): Promise<Served> {
  const served = await servedMarket();
  const offer = { clientIntentionId: 's1', participant: 'alice', side: 'sell', quantity: '300' } as const;
  await served.market.exchange.post({ instrument: 'ACME', price: '10.30', ...offer });
  return served;
}

/** And bob has bought 100 of it: deal 1-1. */
export async function servedDeal(): Promise<Served> {
  const served = await servedOffer();
  const taking = { clientIntentionId: 'b1', participant: 'bob', side: 'buy', quantity: '100' } as const;
  await served.market.exchange.post({ instrument: 'ACME', price: '10.30', ...taking });
  return served;
}

/** The page as it was built last. */
export function builtPage(): NonNullable<ReturnType<typeof readPage>> {
  const page = readPage();
  if (page === undefined) throw new Error('the page has not been built: npm run build');
  return page;
}
