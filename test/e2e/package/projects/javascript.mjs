// A project of its own that uses the package, in JavaScript. What it sees, it prints.
import { openExchange } from 'parley-exchange';
import { ParleyClient } from 'parley-exchange/client';
import { ManualClock, openExchange as openTestExchange } from 'parley-exchange/testing';

const acme = { tickSize: '0.05', lotSize: '1' };
const buy = { participant: 'alice', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100' };
const sell = { participant: 'bob', instrument: 'ACME', side: 'sell', price: '10.20', quantity: '40' };

// Over HTTP, of the server whose address it is given.
const client = new ParleyClient({ url: process.argv[2] });
await client.putInstrument('ACME', acme);
await client.postIntention({ ...buy, clientIntentionId: 'a-1' });
await client.postIntention({ ...sell, clientIntentionId: 'b-1' });
const [overHttp] = await client.deals();

// In this process.
const exchange = await openExchange({ data: process.argv[3] });
await exchange.list({ ...acme, symbol: 'ACME' });
await exchange.post({ ...buy, clientIntentionId: 'a-1' });
await exchange.post({ ...sell, clientIntentionId: 'b-1' });
const [inProcess] = await exchange.deals();
await exchange.close();

// In a test, by a clock of its own.
const tested = await openTestExchange({ memory: true, clock: new ManualClock('2030-01-07T09:00:00Z') });
await tested.list({ ...acme, symbol: 'ACME' });
await tested.post({ ...buy, clientIntentionId: 'a-1', timeInForce: 'gtd', expiresAt: '2030-01-07T09:00:05Z' });
await tested.clock.advance(5_000);
const expired = await tested.eventsSoFar({ type: 'IntentionExpired' });
await tested.close();

console.log(JSON.stringify({ overHttp: overHttp.price, inProcess: inProcess.price, expired: expired.length }));
