import { describe, expect, it } from 'vitest';
import { runInProcess } from '../../support/cli/in-process.js';
import { jsonLines } from '../../support/cli/parley.js';
import { playedLog } from '../../support/cli/played-log.js';
import { aPost, listen, openMarket } from '../../support/http/market.js';

const data = playedLog();

async function json(line: string): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await runInProcess([...line.split(' '), '--json']);
  expect([code, stderr], line).toEqual([0, '']);
  return jsonLines(stdout);
}

const ofLog = (line: string) => json(`${line} --data ${data()}`);

describe('the market from a log', () => {
  it('Trades, candles and tickers from a log are made of the deals that it holds', async () => {
    const deals = await ofLog('deals --instrument one');
    const trades = await ofLog('trades one');
    const named = ({ position, at, price, quantity, takerSide }: Record<string, unknown>) => {
      return { position, at, price, quantity, takerSide };
    };
    expect(trades).toEqual(deals.map(named));
    expect(trades).toHaveLength(3);
    expect(await ofLog('trades one --limit 2')).toEqual(trades.slice(-2));
    expect(await ofLog(`trades one --after ${String(trades[0]?.position)} --limit 1`)).toEqual(trades.slice(1, 2));
    expect(await ofLog(`trades one --at ${String(trades[1]?.position)}`)).toEqual(trades.slice(0, 1));
    const [candle, ...others] = await ofLog('candles one --interval 1d');
    expect(others).toEqual([]);
    expect(candle).toMatchObject({ open: '100', high: '103', low: '100', close: '103', volume: '16', deals: 3 });
    const start = String(candle?.start);
    expect(await ofLog(`candles one --interval 1d --from ${start}`)).toEqual([candle]);
    expect(await ofLog(`candles one --interval 1d --until ${start}`)).toEqual([]);
    const tickers = await ofLog('ticker');
    expect(tickers.map(({ instrument }) => instrument)).toEqual(['one', 'two']);
    expect(tickers[0]).toMatchObject({ last: '103', change: '3', changePercent: '3.00', volume: '16', bestAsk: '104' });
    expect(await ofLog('ticker one')).toEqual(tickers.slice(0, 1));
    expect(await ofLog(`ticker one --at ${String(trades[1]?.position)}`)).toMatchObject([{ last: '100', deals: 1 }]);
  });

  it('An account from a log has what the log tells of the participant, up to where it is asked', async () => {
    const [account] = await ofLog('account buyer --after 0');
    const intentions = await ofLog('intentions --participant buyer');
    const positions = await ofLog('positions --participant buyer');
    const deals = await ofLog('deals --participant buyer');
    expect(account).toMatchObject({ participant: 'buyer', intentions, positions, deals, moreDeals: false });
    const [last] = deals.slice(-1);
    expect(await ofLog(`account buyer --after 0 --at ${String(last?.position)}`)).toMatchObject([
      { deals: deals.slice(0, -1), position: last?.position },
    ]);
    expect(await ofLog('account nobody')).toMatchObject([{ intentions: [], positions: [], deals: [] }]);
    expect(await runInProcess(['account', '--data', data()])).toMatchObject({ code: 2, stdout: '' });
  });

  it.each(['ticker NONE', 'trades NONE', 'candles NONE'])(
    '`parley %s` fails where nothing is listed so',
    async (line) => {
      const { code, stderr } = await runInProcess([...line.split(' '), '--data', data()]);
      expect([code, stderr]).toEqual([1, expect.stringContaining('UNKNOWN_INSTRUMENT')]);
    },
  );
});

it('A running exchange is shown as it answers, page after page, and its refusals are told', async () => {
  const market = await openMarket();
  const { url } = await listen(market);
  for (let count = 0; count < 3; count++) {
    const sides = [{}, { participant: 'bob', side: 'sell' }];
    for (const side of sides) {
      await market.exchange.post(aPost(side) as unknown as Parameters<typeof market.exchange.post>[0]); // as it is sent
    }
  }
  const answered = async (address: string) =>
    (await (await fetch(`${url}${address}`)).json()) as Record<string, unknown>;
  expect(await json(`trades ACME --url ${url}`)).toEqual((await answered('/v1/trades/ACME')).trades);
  expect(await json(`trades ACME --after 0 --url ${url}`)).toHaveLength(3);
  expect(await json(`candles ACME --interval 5m --url ${url}`)).toEqual(
    (await answered('/v1/candles/ACME?interval=5m')).candles,
  );
  expect(await json(`ticker ACME --url ${url}`)).toEqual([await answered('/v1/ticker/ACME')]);
  expect(await json(`ticker --url ${url}`)).toEqual([await answered('/v1/ticker/ACME')]);
  expect(await json(`account bob --after 0 --url ${url}`)).toEqual([
    await answered('/v1/account?participant=bob&after=0'),
  ]);
  await market.exchange.setSwitch({ participant: 'bob', withinMs: 60_000 });
  await market.exchange.setLimits({ participant: 'bob', instrument: 'ACME', openQuantity: '500' });
  const guarded = await answered('/v1/account?participant=bob');
  expect(guarded.limits).toEqual([{ participant: 'bob', instrument: 'ACME', openQuantity: '500', halted: false }]);
  expect(await json(`account bob --url ${url}`)).toEqual([guarded]);
  const table = (await runInProcess(['account', 'bob', '--after', '0', '--url', url])).stdout;
  expect(table).toContain('no open intentions');
  expect(table).toMatch(/switch of 60 s, lapses at .*\n\nparticipant +instrument +open/);
  expect(table.match(/alice \(/g)).toHaveLength(3);
  const { code, stderr } = await runInProcess(['ticker', 'NONE', '--url', url]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('UNKNOWN_INSTRUMENT')]);
});
