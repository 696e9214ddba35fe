import { beforeEach, describe, expect, it } from 'vitest';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { type Market, aPost, appOf, listen, openMarket } from '../../../support/http/market.js';
import { keyFile } from '../../../support/http/key-file.js';

let market: Market;
beforeEach(async () => {
  market = await openMarket();
});

interface AnswerLine {
  line: number;
  status: number;
  id?: string;
  code?: string;
  clientIntentionId?: string;
  intentionStatus?: string;
}

const headers = { 'content-type': 'application/x-ndjson' };

async function postLines(payload: string, app = appOf(market)): Promise<AnswerLine[]> {
  const answer = await app.inject({ method: 'POST', url: '/v1/intentions', payload, headers });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  return parse(answer.body);
}

function parse(text: string): AnswerLine[] {
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AnswerLine);
}

const line = (fields = {}): string => JSON.stringify(aPost(fields));

describe('a stream of posts', () => {
  it('A stream of posts has one answer for each line, in order, with the same content as a single post', async () => {
    const answers = await postLines(`${line()}\n${line({ clientIntentionId: 'z"\\' })}\n`);
    expect(answers.map(({ line: number, status }) => [number, status])).toEqual([
      [1, 201],
      [2, 201],
    ]);
    const single = await appOf(market).inject({
      method: 'POST',
      url: '/v1/intentions',
      payload: aPost({ clientIntentionId: 'z"\\' }),
    });
    const { line: _line, status: _status, intentionStatus: status, ...acknowledged } = answers[1] ?? {};
    expect({ ...acknowledged, status }).toEqual(single.json());
  });

  it('A stream of posts keeps what is wrong with a line to that line', async () => {
    const lines = [line(), '{"half":', line({ price: '10.255' }), line({ colour: 1 }), '[]', line()];
    const answers = await postLines(lines.join('\n'));
    expect(answers.map(({ line: number, status, code }) => [number, status, code])).toEqual([
      [1, 201, undefined],
      [2, 400, 'MALFORMED_JSON'],
      [3, 422, 'PRICE_OFF_TICK'],
      [4, 400, 'INVALID_COMMAND'],
      [5, 400, 'INVALID_COMMAND'],
      [6, 201, undefined],
    ]);
  });

  it('A stream of posts counts blank lines and does not answer them', async () => {
    const answers = await postLines(`\n${line()}\r\n  \n\r\n${line()}\n\n`);
    expect(answers.map(({ line: number }) => number)).toEqual([2, 5]);
  });

  it('A stream of posts answers a last line without a line end, and an empty stream with nothing', async () => {
    expect(await postLines(line())).toHaveLength(1);
    expect(await postLines('')).toEqual([]);
  });

  it('A stream of posts refuses a line over 64 KiB without keeping it, and goes on', async () => {
    const huge = 'x'.repeat(3_000_000);
    const answers = await postLines(`${line()}\n${huge}\n${line()}\n${'y'.repeat(65_536)}\n${line()}\n${huge}`);
    expect(answers.map(({ status, code }) => code ?? status)).toEqual([
      201,
      'BODY_TOO_LARGE',
      201,
      'MALFORMED_JSON',
      201,
      'BODY_TOO_LARGE',
    ]);
  });

  it('A stream of posts is idempotent within itself and against single posts', async () => {
    const same = line();
    const [first, second] = await postLines(`${same}\n${same}\n`);
    expect(first?.id).toBe(second?.id);
    expect((await postLines(`${same}\n`))[0]?.id).toBe(first?.id);
  });

  it('A stream of posts answers many lines in order, whatever pieces they come in', async () => {
    const server = await listen(market);
    const text = Array.from({ length: 5_000 }, (_, index) => `${line({ clientIntentionId: `n${index}` })}\n`).join('');
    const pieces = [1, 7, 1_000, 65_536, 100_000].flatMap((size) => [size, size]);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const bytes = Buffer.from(text);
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = pieces[turn % pieces.length] ?? 1;
          controller.enqueue(bytes.subarray(at, at + size));
          at += size;
        }
        controller.close();
      },
    });
    const answer = await fetch(`${server.url}/v1/intentions`, { method: 'POST', headers, body, duplex: 'half' });
    const answers = parse(await answer.text());
    expect(answers.map(({ clientIntentionId }) => clientIntentionId)).toEqual(
      Array.from({ length: 5_000 }, (_, index) => `n${index}`),
    );
  });

  it('A stream of posts says 500 for each line of a chunk that the exchange fails, because their outcome is unknown', async () => {
    market.exchange.failure = new Error('secret');
    const answers = await postLines(`${line()}\n{\n`);
    expect(answers.map(({ status, code }) => [status, code])).toEqual([
      [500, 'INTERNAL'],
      [400, 'MALFORMED_JSON'],
    ]);
    expect(JSON.stringify(answers)).not.toContain('secret');
  });

  it('A stream of posts lets a key post for its own participant alone', async () => {
    const keys = await FileKeyring.load(await keyFile());
    const app = appOf(market, keys);
    const payload = `${line({ participant: undefined })}\n${line({ participant: 'bob' })}\n`;
    const authorization = 'Bearer alices-key';
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/intentions',
      payload,
      headers: { ...headers, authorization },
    });
    expect(parse(answer.body).map(({ status, code }) => code ?? status)).toEqual([201, 'FORBIDDEN']);
    expect((await app.inject({ method: 'POST', url: '/v1/intentions', payload, headers })).statusCode).toBe(401);
  });
});
