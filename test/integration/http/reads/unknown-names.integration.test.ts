import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../../support/http/openapi/documented-answers.js';
import { type Market, aPost, listen, openMarket } from '../../../support/http/market.js';
import { PlainSender } from '../../../support/http/openapi/plain-request.js';

let market: Market;
let sender: PlainSender;
let head: number;
beforeEach(async () => {
  market = await openMarket();
  sender = new PlainSender((await listen(market)).port);
  for (const fields of [{}, { participant: 'bob', side: 'sell', quantity: '1' }]) {
    expect((await send('POST', '/v1/intentions', aPost(fields))).status).toBe(201);
  }
  head = await market.log.head();
});

function send(method: string, url: string, payload?: object): Promise<Answer> {
  const body = payload === undefined ? undefined : Buffer.from(JSON.stringify(payload));
  return sender.send({ method, url, headers: body === undefined ? {} : { 'content-type': 'application/json' }, body });
}

type Method = 'GET' | 'PATCH' | 'DELETE' | 'POST' | 'PUT';
interface Way {
  readonly method: Method;
  readonly before: string;
  readonly after?: string;
  readonly payload?: object;
}

/** What each way of asking for a name is answered: one answer, however it is asked. */
async function answersTo(name: string, ways: readonly Way[]): Promise<string[]> {
  const answers: string[] = [];
  for (const { method, before, after = '', payload } of ways) {
    const { status, body } = await send(method, `${before}${name}${after}`, payload);
    const { code, detail } = JSON.parse(body) as { code: string; detail: string }; // a problem, or the test fails below
    expect(detail.length, detail).toBeLessThan(300);
    answers.push(`${status} ${code}`);
  }
  expect(await market.log.head()).toBe(head);
  return [...new Set(answers)];
}

const one = '1';
const oddlyWritten = [
  ...[
    '01',
    '001',
    '0000000000000001',
    '+1',
    '-1',
    '1.0',
    '1e0',
    '0x1',
    '1_',
    ' 1',
    '1 ',
    '1\n',
    '\u00001',
    '١',
    '１',
    '1/',
    '/1',
  ],
  ...[
    '0',
    '-0',
    '99',
    '4294967297',
    '8589934593',
    '9007199254740991',
    '9007199254740992',
    '9'.repeat(16),
    '9'.repeat(17),
  ],
  ...[
    '9'.repeat(64),
    '9'.repeat(65),
    '9'.repeat(100),
    '9'.repeat(101),
    '9'.repeat(5_000),
    'x'.repeat(5_000),
    'é'.repeat(900),
  ],
  ...[
    '',
    '.',
    '..',
    '...',
    'x',
    'NaN',
    'null',
    '__proto__',
    'constructor',
    '😀',
    '1-',
    '-',
    '1-1-1',
    '%',
    '%zz',
    '1%31',
  ],
].map((text) => encodeURIComponent(text));

describe('a name that nothing has', () => {
  const intention = '/v1/intentions/';
  const ofIntentions: readonly Way[] = [
    { method: 'GET', before: intention },
    { method: 'PATCH', before: intention, payload: { reduceBy: '1' } },
    { method: 'PATCH', before: intention, payload: { price: '10.00', quantity: '1' } },
    { method: 'DELETE', before: intention },
  ];
  it.each([...oddlyWritten, '1-1'])(
    'A name that nothing has is an unknown intention, however it is asked for: %.40s',
    async (id) => {
      expect(await answersTo(id, ofIntentions)).toEqual(['404 UNKNOWN_INTENTION']);
    },
  );

  it.each([...oddlyWritten, one, '01-1', '1-01', '1-0', '0-1', '2-1', '1-2', '1-1%20', `1-${'1'.repeat(20)}`])(
    'A name that nothing has is an unknown deal: %.40s',
    async (id) => {
      expect(await answersTo(id, [{ method: 'GET', before: '/v1/deals/' }])).toEqual(['404 UNKNOWN_DEAL']);
    },
  );

  const instrument = '/v1/instruments/';
  it.each([...oddlyWritten, 'acme', 'ACME%20', '%2E', '%2e%2e'])(
    'A name that nothing has is an unknown instrument, however it is asked for: %.40s',
    async (symbol) => {
      const ways: readonly Way[] = [
        { method: 'GET', before: instrument },
        { method: 'GET', before: '/v1/book/' },
        { method: 'POST', before: instrument, after: '/phase', payload: { phase: 'call' } },
        { method: 'POST', before: instrument, after: '/uncross' },
      ];
      expect(await answersTo(symbol, ways)).toEqual(['404 UNKNOWN_INSTRUMENT']);
    },
  );

  it.each([
    '.',
    '..',
    '%2e',
    '.%2E',
    '',
    '%20',
    'A%20B',
    'A%2FB',
    'x'.repeat(33),
    'x'.repeat(5_000),
    '%E2%80%AE',
    '😀',
  ])('A name that nothing has cannot be given to an instrument, if nobody could ask for it: %.40s', async (symbol) => {
    const payload = { tickSize: '0.01', lotSize: '1' };
    const ways: readonly Way[] = [{ method: 'PUT', before: instrument, payload }];
    expect(await answersTo(encodeURI(decodeURI(symbol)), ways)).toEqual(['400 INVALID_SYMBOL']);
  });

  it('A name that nothing has is distinguished from one that something has: the same thing by an escaped name is the same thing', async () => {
    const { status, body } = await send('GET', '/v1/intentions/%31');
    expect([status, JSON.parse(body)]).toMatchObject([200, { id: '1' }]);
  });
});
