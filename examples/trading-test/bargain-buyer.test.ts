import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ParleyClient } from 'parley-exchange/client';
import { buyBargains } from './bargain-buyer.js';
import { Exchange } from './exchange.js';

let exchange: Exchange;
let market: ParleyClient;
let tests = 0;
/** Each test trades an instrument, and as participants, of its own, so one exchange serves them all. */
let instrument: string;
let buyer: string;

before(async () => {
  exchange = await Exchange.start();
  market = new ParleyClient({ url: exchange.url });
});
after(() => exchange.stop());
beforeEach(async () => {
  tests++;
  instrument = `TEST${tests}`;
  buyer = `buyer-${tests}`;
  await market.putInstrument(instrument, { tickSize: '1', lotSize: '1' });
});

let offers = 0;
const offer = (price: string, quantity: string) =>
  market.postIntention({
    clientIntentionId: `offer-${++offers}`,
    ...{ participant: 'seller', instrument, side: 'sell', price, quantity },
  });
const bargain = () => ({ name: 'bargain', participant: buyer, instrument, limit: '100', quantity: 10 });

test('buys at its limit or better, the best first, and no more than it wants', async () => {
  await offer('100', '20');
  await offer('98', '4');
  assert.equal(await buyBargains(market, bargain()), 4 * 98 + 6 * 100);
  const { bids, asks } = await market.book(instrument);
  assert.deepEqual(bids, []);
  assert.equal(asks[0]?.quantity, '14');
});

test('waits for offers, and leaves those above its limit', async () => {
  await offer('101', '10');
  const buying = buyBargains(market, bargain());
  await offer('99', '5');
  await offer('100', '5');
  assert.equal(await buying, 5 * 99 + 5 * 100);
});

test('buys once although the answer to its post is lost', async () => {
  await offer('100', '20');
  let lost = 0;
  const losesAnswers: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (init?.method !== 'POST' || lost > 0) return answer;
    lost++;
    throw new TypeError('the connection broke');
  };
  const unlucky = new ParleyClient({ url: exchange.url, fetch: losesAnswers });
  assert.equal(await buyBargains(unlucky, bargain()), 10 * 100);
  assert.equal(lost, 1);
});

test('goes on after a crash of the exchange', async () => {
  const patient = new ParleyClient({ url: exchange.url, retry: { attempts: 100, maxMs: 500 } });
  await offer('100', '4');
  const buying = buyBargains(patient, bargain());
  while ((await market.deals({ participant: buyer })).length === 0);
  await exchange.kill();
  await exchange.restart();
  await offer('100', '6');
  assert.equal(await buying, 10 * 100);
  assert.equal((await market.deals({ participant: buyer })).length, 2);
});
