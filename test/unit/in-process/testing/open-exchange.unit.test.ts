import { describe, expect, it, onTestFinished } from 'vitest';
import { ParleyClient } from '../../../../src/client/index.js';
import { ManualClock, openExchange, type TestExchange } from '../../../../src/in-process/testing/index.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

const acme = { symbol: 'ACME', tickSize: '0.05', lotSize: '1' };
const OPENING = '2030-01-07T09:00:00.000Z';

async function open(clock = new ManualClock(OPENING)): Promise<TestExchange> {
  const exchange = await openExchange({ memory: true, clock });
  onTestFinished(() => exchange.close());
  await exchange.list(acme);
  return exchange;
}

function until(expiresAt: string, clientIntentionId = 'a-1') {
  const terms = { instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100', timeInForce: 'gtd' } as const;
  return { clientIntentionId, participant: 'alice', ...terms, expiresAt };
}

describe('an exchange whose time a test sets', () => {
  it('Time stands still until it is advanced, and then what falls due has the time at which it does', async () => {
    const exchange = await open();
    await exchange.post(until('2030-01-07T09:00:10.000Z', 'a-2'));
    await exchange.post(until('2030-01-07T09:00:05.000Z'));
    await exchange.clock.advance(4_999);
    expect(await exchange.intentions({ status: 'open' })).toHaveLength(2);
    await exchange.clock.advance(1);
    expect(await exchange.intention('2')).toMatchObject({ status: 'expired', closedAt: '2030-01-07T09:00:05.000Z' });
    await exchange.clock.advance(60_000);
    expect(await exchange.intention('1')).toMatchObject({ status: 'expired', closedAt: '2030-01-07T09:00:10.000Z' });
    expect(exchange.clock.now.toISOString()).toBe('2030-01-07T09:01:05.000Z');
    const expired = await exchange.eventsSoFar({ type: 'IntentionExpired' });
    expect(expired.map(({ stream }) => stream)).toEqual(['intention-2', 'intention-1']);
  });

  it('A quiet exchange has done all that it was asked for, and shows it', async () => {
    const exchange = await open();
    const terms = { participant: 'alice', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '1' } as const;
    for (let n = 0; n < 500; n++) void exchange.post({ ...terms, clientIntentionId: `a-${n}` });
    await exchange.quiet();
    expect(await exchange.eventsSoFar({ type: 'IntentionPosted' })).toHaveLength(500);
    expect(await exchange.book('ACME')).toMatchObject({ bids: [{ quantity: '500' }] });
  });

  it('Days are told by the clock that the test sets: in this process, over HTTP and in streams', async () => {
    const exchange = await open();
    const terms = { instrument: 'ACME', price: '10.25', quantity: '40' } as const;
    await exchange.post({ ...terms, clientIntentionId: 'a', participant: 'alice', side: 'buy' });
    await exchange.post({ ...terms, clientIntentionId: 'b', participant: 'bob', side: 'sell' });
    await exchange.quiet();
    const { url } = await exchange.listen();
    const { market } = new ParleyClient({ url });
    const tickers = async () => {
      const [listed] = await market.tickers();
      return [await exchange.ticker('ACME'), await market.ticker('ACME'), listed];
    };
    const stream = market.followTicker('ACME');
    onTestFinished(async () => {
      await stream.return(undefined);
    });
    const [today, tomorrow] = [
      { last: '10.25', volume: '40', deals: 1 },
      { last: '10.25', volume: '0', deals: 0 },
    ];
    for (const ticker of await tickers()) expect(ticker).toMatchObject(today);
    expect((await stream.next()).value).toMatchObject(today);
    await exchange.clock.advance(25 * 3_600_000);
    for (const ticker of await tickers()) expect(ticker).toMatchObject(tomorrow);
    expect((await stream.next()).value).toMatchObject(tomorrow);
  });

  it('The same commands at the same times make the same log', async () => {
    const logs = [];
    for (let times = 0; times < 2; times++) {
      const exchange = await open();
      await exchange.post(until('2030-01-07T09:00:05.000Z'));
      await exchange.clock.advance(10_000);
      await exchange.quiet();
      logs.push(await exchange.eventsSoFar());
    }
    expect(logs[1]).toEqual(logs[0]);
  });

  it('An exchange in a folder that is closed and opened again goes on at the time of its clock', async () => {
    const data = temporaryFolder();
    onTestFinished(() => removeFolder(data));
    const clock = new ManualClock(OPENING);
    const first = await openExchange({ data, clock });
    await first.list(acme);
    await first.post(until('2030-01-07T09:00:05.000Z'));
    await first.close();
    await clock.advance(7_000);
    const second = await openExchange({ data, clock });
    onTestFinished(() => second.close());
    await second.quiet();
    expect(await second.intention('1')).toMatchObject({ status: 'expired', closedAt: '2030-01-07T09:00:07.000Z' });
  });

  it('Exchanges that share a clock share their time', async () => {
    const clock = new ManualClock(OPENING);
    const exchanges = [await open(clock), await open(clock)];
    for (const exchange of exchanges) await exchange.post(until('2030-01-07T09:00:05.000Z'));
    await clock.advance(5_000);
    for (const exchange of exchanges) expect(await exchange.intention('1')).toMatchObject({ status: 'expired' });
  });

  it('A clock takes a year in one step, from a time that is given or the machine’s own', async () => {
    const exchange = await openExchange();
    onTestFinished(() => exchange.close());
    const { clock } = exchange;
    expect(Math.abs(clock.now.getTime() - Date.now())).toBeLessThan(60_000);
    await exchange.list(acme);
    const yearMs = 365 * 86_400_000;
    await exchange.post(until(new Date(clock.now.getTime() + yearMs).toISOString()));
    await clock.advance(yearMs);
    expect(await exchange.intention('1')).toMatchObject({ status: 'expired' });
  });

  it('A clock refuses what is no instant, and does not go back', () => {
    expect(() => new ManualClock('yesterday')).toThrow(RangeError);
    expect(() => new ManualClock().advance(-1)).toThrow(RangeError);
    expect(() => new ManualClock().advance(Number.NaN)).toThrow(RangeError);
  });
});
