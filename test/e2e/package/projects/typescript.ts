// A project of its own that uses the package, in TypeScript. It is compiled and not run: that is for javascript.mjs.
import { type ExchangeInProcess, type LogEvent, openExchange, type RefusalCode } from 'parley-exchange';
import { type Book, type Deal, ParleyClient, ParleyError } from 'parley-exchange/client';
import { ManualClock, openExchange as openTestExchange, type TestExchange } from 'parley-exchange/testing';

/** What a post was refused for; undefined where it was not. */
async function post(exchange: ExchangeInProcess): Promise<RefusalCode | undefined> {
  const posted = await exchange.post({
    ...{ clientIntentionId: 'a-1', participant: 'alice', instrument: 'ACME' },
    ...{ side: 'buy', price: '10.25', quantity: '100', timeInForce: 'gtc' },
  });
  if (!posted.ok) return posted.code;
  const [deal] = await exchange.deals({ intention: posted.id });
  console.log(deal?.price);
  return undefined;
}

async function follow(exchange: ExchangeInProcess, signal: AbortSignal): Promise<LogEvent | undefined> {
  for await (const event of exchange.events({ from: 0, type: ['DealConfirmed'], signal })) return event;
  return undefined;
}

async function overHttp(url: string): Promise<Book | undefined> {
  const client = new ParleyClient({ url, retry: { attempts: 3 } });
  try {
    const deals: readonly Deal[] = await client.deals();
    return await client.book(deals[0]?.instrument ?? 'ACME');
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'UNKNOWN_INSTRUMENT') return undefined;
    throw error;
  }
}

export async function trade(): Promise<void> {
  const exchange = await openExchange({ data: 'parley-data', logger: console });
  const { url } = await exchange.listen({ port: 0 });
  await Promise.all([post(exchange), follow(exchange, AbortSignal.timeout(1_000)), overHttp(url)]);
  const tested: TestExchange = await openTestExchange({ memory: true, clock: new ManualClock() });
  await tested.clock.advance(1_000);
  await tested.quiet();
  // @ts-expect-error: a log is in memory or in a folder
  await openExchange({ memory: true, data: 'parley-data' });
  await Promise.all([exchange.close(), tested.close()]);
}
