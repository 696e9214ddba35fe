import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { divide } from '../../../src/app/logs/shard-folders.js';
import { ParleyClient } from '../../../src/client/index.js';
import { type ExchangeInProcess, type ExchangeOptions, openExchange } from '../../../src/in-process/index.js';
import type { LogEvent } from '../../../src/in-process/index.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

const newFolder = (): string => mkdtempSync(path.join(folder, 'exchange-'));

async function open(options: ExchangeOptions = { memory: true }): Promise<ExchangeInProcess> {
  const exchange = await openExchange(options);
  onTestFinished(() => exchange.close());
  return exchange;
}

const acme = { symbol: 'ACME', tickSize: '0.05', lotSize: '1' };
const terms = { instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100' } as const;
const buy = { ...terms, clientIntentionId: 'a-1', participant: 'alice' };
const sell = { ...buy, clientIntentionId: 'b-1', participant: 'bob', side: 'sell', quantity: '40' } as const;

describe.each<[string, () => ExchangeOptions]>([
  ['memory', () => ({ memory: true })],
  ['a folder', () => ({ data: newFolder() })],
])('an exchange in its own process, with its log in %s', (_, place) => {
  it('An exchange in its own process shows in every read what it has answered', async () => {
    const exchange = await open(place());
    await exchange.list(acme);
    const posted = await exchange.post(buy);
    expect(posted).toMatchObject({ ok: true, id: '1', clientIntentionId: 'a-1' });
    await exchange.post(sell);
    expect(await exchange.book('ACME')).toMatchObject({ bids: [{ price: '10.25', quantity: '60' }], asks: [] });
    expect(await exchange.intention('1')).toMatchObject({ open: '60', filled: '40' });
    expect(await exchange.intentions({ participant: 'bob' })).toMatchObject([{ id: '2', status: 'filled' }]);
    const own = { participant: 'alice', clientIntentionId: 'a-1' };
    expect(await exchange.intentions(own)).toMatchObject([{ id: '1' }]);
    expect(await exchange.intentions({ ...own, participant: 'bob' })).toEqual([]);
    expect(await exchange.deals()).toMatchObject([{ id: '1-1', buyer: 'alice', seller: 'bob', quantity: '40' }]);
    expect(await exchange.deal('1-1')).toMatchObject({ price: '10.25' });
    expect(await exchange.positions({ participant: 'bob' })).toMatchObject([{ net: '-40', cash: '410.00' }]);
    expect(await exchange.trades({ instrument: 'ACME' })).toMatchObject({
      trades: [{ price: '10.25', takerSide: 'sell' }],
    });
    expect(await exchange.ticker('ACME')).toMatchObject({ last: '10.25', volume: '40', bestBid: '10.25' });
    expect(await exchange.candles({ instrument: 'ACME', interval: '1m' })).toMatchObject({
      candles: [{ close: '10.25' }],
    });
    expect(await exchange.account({ participant: 'alice', after: 0 })).toMatchObject({
      ...{ participant: 'alice', intentions: [{ id: '1' }], positions: [{ net: '40' }], deals: [{ id: '1-1' }] },
    });
    expect(await exchange.instruments()).toMatchObject([{ symbol: 'ACME', phase: 'continuous' }]);
  });

  it('An exchange in its own process answers with a refusal what it does not do, and has done nothing', async () => {
    const exchange = await open(place());
    await exchange.list(acme);
    const before = await exchange.eventsSoFar();
    expect(await exchange.post({ ...buy, price: '10.26' })).toMatchObject({ ok: false, code: 'PRICE_OFF_TICK' });
    expect(await exchange.withdraw({ id: '7' })).toMatchObject({ ok: false, code: 'UNKNOWN_INTENTION' });
    expect(await exchange.eventsSoFar()).toEqual(before);
    expect(await exchange.book('NONE')).toBeUndefined();
    await expect(exchange.deals({ limit: 0 })).rejects.toMatchObject({ code: 'INVALID_QUERY' });
  });

  it('An exchange in its own process tells its events live and in order, until it is closed', async () => {
    const exchange = await open(place());
    const seen: LogEvent[] = [];
    const following = (async () => {
      for await (const event of exchange.events({ from: 0 })) seen.push(event);
    })();
    await exchange.list(acme);
    await exchange.post(buy);
    await exchange.post(sell);
    await expect.poll(() => seen.some(({ type }) => type === 'DealConfirmed')).toBe(true);
    await exchange.quiet();
    const soFar = await exchange.eventsSoFar();
    await expect.poll(() => seen).toEqual(soFar);
    expect(soFar.map(({ position }) => position)).toEqual(soFar.map((_event, index) => index));
    await exchange.close();
    await following;
  });

  it('An exchange in its own process tells only new events, where no position is named to begin at', async () => {
    const exchange = await open(place());
    await exchange.list(acme);
    await exchange.quiet();
    const before = await exchange.eventsSoFar();
    const next = exchange.events().next();
    await exchange.post(buy);
    expect((await next).value).toMatchObject({ position: before.length, type: 'ParticipantAdmitted' });
  });

  it('An exchange in its own process tells only the events that are asked for', async () => {
    const exchange = await open(place());
    await exchange.list(acme);
    await exchange.post(buy);
    await exchange.post(sell);
    await exchange.quiet();
    const all = await exchange.eventsSoFar();
    const stream = 'intention-1';
    const types = ['ProposalMade', 'DealConfirmed'];
    expect(await exchange.eventsSoFar({ stream })).toEqual(all.filter((event) => event.stream === stream));
    expect(await exchange.eventsSoFar({ type: types })).toEqual(all.filter(({ type }) => types.includes(type)));
    expect(await exchange.eventsSoFar({ from: 5, type: 'BatchSealed' })).toEqual(
      all.filter(({ type, position }) => type === 'BatchSealed' && position >= 5),
    );
    await expect(exchange.eventsSoFar({ type: 'DealDone' })).rejects.toThrow('no events of the type DealDone');
    await expect(exchange.events({ type: ['DealConfirmed', ''] }).next()).rejects.toThrow(RangeError);
  });

  it('An exchange in its own process serves HTTP from the same log, until it is closed', async () => {
    const exchange = await open(place());
    const { url } = await exchange.listen();
    const client = new ParleyClient({ url, retry: { attempts: 1 } });
    await client.putInstrument('ACME', { tickSize: '0.05', lotSize: '1' });
    await client.postIntention(buy);
    await exchange.post(sell);
    expect(await client.deals()).toEqual(await exchange.deals());
    expect(await client.intention('1')).toEqual(await exchange.intention('1'));
    expect(await exchange.book('ACME')).toEqual(await client.book('ACME'));
    for await (const event of client.events({ from: 2, type: 'DealConfirmed' })) {
      expect(await exchange.eventsSoFar({ type: 'DealConfirmed' })).toEqual([event]);
      break;
    }
    await expect(exchange.listen()).rejects.toThrow('listens already');
    await exchange.close();
    expect(await client.health()).toMatchObject({ isLive: false });
  });
});

describe('an exchange in its own process', () => {
  it('An exchange that is opened again on its folder has everything, and answers a repeated post as before', async () => {
    const data = newFolder();
    const first = await open({ data });
    await first.list(acme);
    const posted = await first.post(buy);
    await first.post(sell);
    const [deals, positions] = [await first.deals(), await first.positions()];
    await first.close();
    const second = await open({ data });
    expect(await second.post(buy)).toEqual(posted);
    expect(await second.deals()).toEqual(deals);
    expect(await second.positions()).toEqual(positions);
  });

  it('A folder has one exchange at a time', async () => {
    const data = newFolder();
    await open({ data });
    await expect(openExchange({ data })).rejects.toMatchObject({ code: 'LOG_LOCKED' });
  });

  it('A folder that several shards share is no folder of one exchange, and nothing is written to it', async () => {
    const data = newFolder();
    await divide(data, 2);
    await expect(openExchange({ data })).rejects.toMatchObject({ code: 'LOG_REFUSED' });
    expect(readdirSync(data, { recursive: true }).sort()).toEqual(['shard-0', 'shard-1', 'shards.json']);
  });

  it('An exchange that could not listen listens elsewhere', async () => {
    const exchange = await open();
    await expect(exchange.listen({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'OPEN_TO_OTHERS' });
    const keyFile = path.join(newFolder(), 'keys.json');
    const key = 'a-key-of-alice';
    writeFileSync(keyFile, JSON.stringify({ keys: [{ key, participant: 'alice' }] }), { mode: 0o600 });
    const { url } = await exchange.listen({ keyFile });
    await exchange.list(acme);
    const strangers = new ParleyClient({ url, retry: { attempts: 1 } });
    await expect(strangers.book('ACME')).rejects.toMatchObject({ status: 401 });
    expect(await new ParleyClient({ url, key }).book('ACME')).toMatchObject({ bids: [] });
  });

  it('Closing twice is closing once, and what comes after it is refused', async () => {
    const exchange = await open();
    await Promise.all([exchange.close(), exchange.close()]);
    expect(await exchange.list(acme)).toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
  });
});
