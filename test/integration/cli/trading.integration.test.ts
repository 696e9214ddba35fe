import { beforeEach, describe, expect, it } from 'vitest';
import { csvRecords } from '../../support/cli/csv.js';
import { runInProcess } from '../../support/cli/in-process.js';
import { jsonLines, type Ran } from '../../support/cli/parley.js';
import { post } from '../../support/http/client.js';
import { keyFile } from '../../support/http/key-file.js';
import { listen, type Market, openMarket } from '../../support/http/market.js';

let market: Market;
let url: string;
beforeEach(async () => {
  market = await openMarket();
  ({ url } = await listen(market));
  await market.exchange.list({ symbol: 'EMCA', tickSize: '1', lotSize: '1' });
});

const ask = (...args: readonly string[]): Promise<Ran> => runInProcess([...args, '--url', url]);

async function posted(clientIntentionId: string, terms: Parameters<typeof post>[1] = {}): Promise<string> {
  const { participant = 'alice', ...wanted } = post(clientIntentionId, terms);
  const answer = await market.exchange.post({ participant, ...wanted });
  if (!answer.ok) throw new Error(answer.code);
  return answer.id;
}

describe('parley phase and parley uncross', () => {
  it('`parley phase` collects intentions for an auction, which `parley uncross` runs', async () => {
    expect(jsonLines((await ask('phase', 'ACME', 'call', '--json')).stdout)).toMatchObject([
      { symbol: 'ACME', phase: 'call' },
    ]);
    await posted('b', { side: 'buy', price: '10.30' });
    await posted('s', { side: 'sell', price: '10.20', quantity: '40', participant: 'bob' });
    const uncrossed = await ask('uncross', 'ACME', '-o', 'csv');
    expect(csvRecords(uncrossed.stdout)).toMatchObject([{ instrument: 'ACME', volume: '40', deals: '1' }]);
    const continuous = await ask('phase', 'ACME', 'continuous');
    expect(continuous.stdout).toMatch(/^phase +continuous$/m);
  });

  it('`parley phase` and `parley uncross` end with what the exchange refuses, and with what no exchange has', async () => {
    expect(await ask('uncross', 'ACME')).toMatchObject({ code: 1, stderr: expect.stringContaining('WRONG_PHASE') });
    expect(await ask('phase', 'NONE', 'call')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('UNKNOWN_INSTRUMENT'),
    });
    expect(await ask('phase', 'ACME', 'closed')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('call, continuous'),
    });
    expect(await ask('uncross', 'A/B')).toMatchObject({ code: 2, stderr: expect.stringContaining('a symbol is') });
  });
});

describe('parley instruments', () => {
  it('`parley instruments` shows terms and phase of all, or of one', async () => {
    const [all, one, none] = [
      await ask('instruments', '--json'),
      await ask('instruments', 'EMCA', '-o', 'csv'),
      await ask('instruments', 'NONE'),
    ];
    expect(jsonLines(all.stdout).map(({ symbol }) => symbol)).toEqual(['ACME', 'EMCA']);
    expect(csvRecords(one.stdout)).toMatchObject([{ symbol: 'EMCA', tickSize: '1', phase: 'continuous' }]);
    expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('UNKNOWN_INSTRUMENT') });
  });
});

describe('parley intentions', () => {
  it('`parley intentions` shows the open ones, by participant, instrument, side and status', async () => {
    const [a, b, c] = [
      await posted('a'),
      await posted('b', { participant: 'bob', side: 'sell', price: '11.00' }),
      await posted('c', { participant: 'bob', instrument: 'EMCA', price: '5' }),
    ];
    await market.exchange.withdraw({ id: c });
    const ids = async (...args: readonly string[]): Promise<unknown[]> =>
      jsonLines((await ask('intentions', '--json', ...args)).stdout).map(({ id }) => id);
    expect(await ids()).toEqual([a, b]);
    expect(await ids('--participant', 'bob')).toEqual([b]);
    expect(await ids('--instrument', 'ACME', '--side', 'buy')).toEqual([a]);
    expect(await ids('--status', 'all')).toEqual([a, b, c]);
    expect(await ids('--status', 'withdrawn', '--instrument', 'EMCA')).toEqual([c]);
    expect(await ids('--after', a)).toEqual([b]);
    expect(await ids('--limit', '1')).toEqual([a]);
    expect((await ask('intentions')).stdout).toMatch(/^ 1 +alice +ACME +buy +10\.25 +100 +100 +0 +open$/m);
    expect((await ask('intentions', '--participant', 'nobody')).stdout).toBe('no intentions\n');
  });

  it('`parley intentions` asks for page after page', async () => {
    const posts = Array.from({ length: 1_203 }, (_, index) => {
      return { ...post(`p-${index}`, { quantity: '1' }), participant: 'alice' };
    });
    await market.exchange.postAll(posts);
    const all = jsonLines((await ask('intentions', '--participant', 'alice', '--json')).stdout).map(({ id }) => id);
    expect(all).toEqual(Array.from({ length: 1_203 }, (_, index) => String(index + 1)));
    expect(csvRecords((await ask('intentions', '-o', 'csv', '--limit', '1100')).stdout).map(({ id }) => id)).toEqual(
      all.slice(0, 1_100),
    );
  });
});

describe('parley replace and parley reduce', () => {
  it('`parley replace` takes a price alone, which loses the place, and a quantity alone, which keeps it when it is smaller', async () => {
    const [first, second] = [await posted('a', { side: 'sell' }), await posted('b', { side: 'sell' })];
    const smaller = await ask('replace', first, '--quantity', '60', '--json');
    expect(jsonLines(smaller.stdout)).toMatchObject([{ id: first, open: '60' }]);
    await posted('c', { participant: 'bob', side: 'buy', quantity: '10' });
    expect((await intentionNow(first)).open).toBe('50');
    const moved = await ask('replace', first, '--price', '10.25', '--json');
    expect(jsonLines(moved.stdout)).toMatchObject([{ id: first, open: '50', filled: '10' }]);
    await posted('d', { participant: 'bob', side: 'buy', quantity: '10' });
    expect([(await intentionNow(first)).open, (await intentionNow(second)).open]).toEqual(['50', '90']);
  });

  it('`parley replace` wants a price or a quantity', async () => {
    expect(await ask('replace', '1')).toMatchObject({
      ...{ code: 2, stdout: '', stderr: expect.stringContaining('give --price, --quantity or both') },
    });
  });

  it('A change under the same --client-command-id is done once', async () => {
    const id = await posted('a');
    for (const args of [
      ['reduce', id, '--by', '40', '--client-command-id', 'once'],
      ['reduce', id, '--by', '40', '--client-command-id', 'once'],
      ['reduce', id, '--by', '40'],
    ])
      expect((await ask(...args)).code).toBe(0);
    expect((await intentionNow(id)).open).toBe('20');
    const replace = ['replace', id, '--quantity', '70', '--client-command-id', 'larger'];
    await ask(...replace);
    await ask('reduce', id, '--by', '20');
    await ask(...replace);
    expect((await intentionNow(id)).open).toBe('50');
  });

  async function intentionNow(id: string): Promise<Record<string, unknown>> {
    const [intention] = jsonLines((await ask('intention', id, '--json')).stdout);
    return intention ?? {};
  }
});

describe('--valid-until', () => {
  it('A command that comes later than its --valid-until is refused, and nothing is done', async () => {
    const id = await posted('a');
    const late = ['--valid-until', '2001-01-31T12:00:00Z'];
    const terms = [
      '--participant',
      'alice',
      '--instrument',
      'ACME',
      '--side',
      'buy',
      '--quantity',
      '1',
      '--price',
      '10.00',
    ];
    for (const args of [
      ['post', ...terms],
      ['replace', id, '--price', '10.00'],
      ['reduce', id, '--by', '1'],
      ['withdraw', id],
      ['withdraw', '--all', '--participant', 'alice'],
    ])
      expect(await ask(...args, ...late), args[0]).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('TOO_LATE'),
      });
    const [left, ...others] = jsonLines((await ask('intentions', '--json')).stdout);
    expect(left).toMatchObject({ id, price: '10.25', open: '100' });
    expect(others).toEqual([]);
    const inTime = ['--valid-until', '2099-01-31T12:00:00Z'];
    expect((await ask('post', ...terms, ...inTime)).code).toBe(0);
    expect((await ask('withdraw', id, ...inTime)).code).toBe(0);
    expect(await ask('withdraw', id, '--valid-until', 'soon')).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining('a time is RFC 3339') },
    });
  });
});

describe('parley withdraw --all', () => {
  it('`parley withdraw --all` withdraws what it is told to, says how much, and does nothing more when it is given again', async () => {
    const [a, b, c, d] = [
      await posted('a'),
      await posted('b', { side: 'sell', price: '12.00' }),
      await posted('c', { instrument: 'EMCA', price: '5' }),
      await posted('d', { participant: 'bob' }),
    ];
    const sell = await ask('withdraw', '--all', '--participant', 'alice', '--side', 'sell', '--json');
    expect(jsonLines(sell.stdout)).toMatchObject([{ id: b, outcome: 'withdrawn', status: 'withdrawn', open: '0' }]);
    const acme = await ask('withdraw', '--all', '--participant', 'alice', '--instrument', 'ACME');
    expect(acme).toMatchObject({
      code: 0,
      stderr: 'alice: 1 withdrawn\n',
      stdout: expect.stringMatching(new RegExp(`^ *${a} +ACME`, 'm')),
    });
    expect(await ask('withdraw', '--all', '--participant', 'alice', '--instrument', 'ACME')).toEqual({
      ...{ code: 0, stderr: 'alice: 0 withdrawn\n', stdout: 'nothing was open\n' },
    });
    const left = jsonLines((await ask('intentions', '--json')).stdout).map(({ id }) => id);
    expect(left).toEqual([c, d]);
  });

  it('`parley withdraw` takes an id or --all, and whose with it', async () => {
    for (const [args, says] of [
      [[], 'say which intention to withdraw, or --all'],
      [['1', '--all', '--participant', 'alice'], 'give an intention’s id or --all'],
      [['--all'], '--all needs --participant'],
      [['1', '--side', 'buy'], '--side goes with --all'],
      [['--all', '--participant', 'a b'], 'a participant is 1 to 32 characters'],
    ] as const) {
      expect(await ask('withdraw', ...args)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(says),
      });
    }
  });
});

describe('parley health', () => {
  it('`parley health` ends with 0 where the exchange is ready, and with 1 and the reason where it is not', async () => {
    expect(await ask('health')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^live +yes\nready +yes\n$/) });
    const nowhere = await runInProcess(['health', '--json', '--url', 'http://127.0.0.1:9']);
    expect(nowhere).toMatchObject({ code: 1, stderr: '' });
    expect(jsonLines(nowhere.stdout)).toEqual([{ live: false, ready: false, reason: expect.stringMatching(/./) }]);
    await market.exchange.close();
    const stopped = await ask('health', '-o', 'csv');
    expect(stopped.code).toBe(1);
    expect(csvRecords(stopped.stdout)).toEqual([
      { live: 'true', ready: 'false', reason: expect.stringContaining('stopped') },
    ]);
  });
});

describe('a key', () => {
  it.each([
    [
      ['phase', 'ACME', 'call'],
      ['alices-key', 'auditors-key', 'market-data-key'],
    ],
    [
      ['uncross', 'ACME'],
      ['alices-key', 'auditors-key', 'market-data-key'],
    ],
    [
      ['intentions', '--participant', 'bob'],
      ['alices-key', 'market-data-key'],
    ],
    [
      ['withdraw', '--all', '--participant', 'bob'],
      ['alices-key', 'market-data-key'],
    ],
    [
      ['deals', '--follow', '--participant', 'bob'],
      ['alices-key', 'market-data-key'],
    ],
  ])(
    'A key that may not do %j gives the code that the exchange gives, in the words of the command line',
    async (args, keys) => {
      const secured = await listen(market, { keyFile: await keyFile() });
      for (const key of keys) {
        const ran = await runInProcess([...args, '--url', secured.url, '--key', key]);
        expect(ran, key).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^error: FORBIDDEN: /) });
      }
      const without = await runInProcess([...args, '--url', secured.url]);
      expect(without).toMatchObject({ code: 1, stdout: '' });
      expect(without.stderr).toBe('error: UNAUTHENTICATED: the exchange takes an API key: give --key or PARLEY_KEY\n');
    },
  );

  it('A participant’s key shows and withdraws its own intentions alone', async () => {
    const secured = await listen(market, { keyFile: await keyFile() });
    await posted('a');
    await posted('b', { participant: 'bob', side: 'sell', price: '12.00' });
    const asBob = (...args: readonly string[]): Promise<Ran> =>
      runInProcess([...args, '--url', secured.url, '--key', 'bobs-long-key']);
    expect(csvRecords((await asBob('intentions', '-o', 'csv')).stdout).map(({ participant }) => participant)).toEqual([
      'bob',
    ]);
    expect((await asBob('withdraw', '--all', '--participant', 'bob')).stderr).toBe('bob: 1 withdrawn\n');
    expect((await asBob('health')).code).toBe(0);
  });
});
