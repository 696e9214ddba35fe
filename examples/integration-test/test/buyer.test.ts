import { ParleyClient } from 'parley-exchange/client';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { buy, type Fill, type Order } from '../src/buyer.js';
import { Market } from './market.js';

let market: Market;
/** The program's way to the exchange: through the proxy, and not given up for minutes. */
let program: ParleyClient;

beforeAll(async () => {
  market = await Market.start();
  const key = market.exchange.keyOf('buyer');
  program = new ParleyClient({ url: market.proxy.url, key, retry: { attempts: 1_000, maxMs: 500 } });
  return () => market.stop();
});

let tests = 0;
/** Each test trades an instrument of its own, so one exchange serves them all. */
let order: Order;
let fills: Fill[];
beforeEach(async () => {
  const instrument = `TEST${++tests}`;
  order = { clientIntentionId: `order-${tests}`, instrument, price: '100', quantity: '10' };
  fills = [];
  await market.exchange.client().putInstrument(instrument, { tickSize: '1', lotSize: '1' });
});

let offers = 0;
/** Of the other side, past the proxy. */
async function sell(quantity: string): Promise<void> {
  const terms = { instrument: order.instrument, side: 'sell', price: '100', quantity } as const;
  await market.exchange.client('seller').postIntention({ ...terms, clientIntentionId: `offer-${++offers}` });
}

const quantities = () => fills.map(({ quantity }) => quantity);

test('buys all it wants, and tells of each fill', async () => {
  const buying = buy(program, order, (fill) => fills.push(fill));
  await sell('4');
  await sell('6');
  await buying;
  expect(quantities()).toEqual(['4', '6']);
});

test('hears of every fill once, also of those while it was cut off', async () => {
  const buying = buy(program, order, (fill) => fills.push(fill));
  await sell('4');
  await expect.poll(quantities).toEqual(['4']);
  await market.proxy.cut();
  await sell('3');
  await market.proxy.mend();
  await sell('3');
  await buying;
  expect(quantities()).toEqual(['4', '3', '3']);
});

test('goes on when the exchange is killed and another takes its place', async () => {
  const buying = buy(program, order, (fill) => fills.push(fill));
  await sell('4');
  await expect.poll(quantities).toEqual(['4']);
  await market.replaceExchange();
  expect(await market.exchange.client('buyer').intentions({ instrument: order.instrument })).toMatchObject([
    { filled: '4', open: '6' },
  ]);
  await sell('6');
  await buying;
  expect(quantities()).toEqual(['4', '6']);
});
