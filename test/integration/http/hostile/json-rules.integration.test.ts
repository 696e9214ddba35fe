import { beforeEach, describe, expect, it } from 'vitest';
import { readTopicCommand } from '../../../../src/intake/read-command.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { keyFile } from '../../../support/http/key-file.js';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';

let market: Market;
let head: number;
beforeEach(async () => {
  market = await openMarket();
  head = await market.log.head();
});

const routes = [
  ['POST', '/v1/intentions', () => JSON.stringify(aPost())],
  ['PATCH', '/v1/intentions/1', () => '{"reduceBy":"1"}'],
  ['PUT', '/v1/instruments/NEW', () => '{"tickSize":"1","lotSize":"1"}'],
  ['POST', '/v1/instruments/ACME/phase', () => '{"phase":"call"}'],
] as const;

/** The same, with its first field once more: with the same value, or with another. */
const doubled = (text: string, value?: string): string =>
  text.replace(/^\{("\w+":)("[^"]*")/, (all, name: string, given: string) => `${all},${name}${value ?? given}`);

async function refusal(method: 'POST' | 'PATCH' | 'PUT', url: string, payload: string, type: string): Promise<string> {
  const answer = await appOf(market).inject({ method, url, payload, headers: { 'content-type': type } });
  expect(await market.log.head()).toBe(head);
  const { code, detail } = JSON.parse(answer.body.split('\n')[0] ?? '') as { code: string; detail: string };
  return `${code}: ${detail}`;
}

describe('a name that stands twice in an object', () => {
  it.each(routes)(
    'A name that stands twice in an object is refused in a body, also with the same value: %s %s',
    async (method, url, text) => {
      for (const payload of [doubled(text()), doubled(text(), '"other"'), doubled(text(), ' []')]) {
        expect(await refusal(method, url, payload, 'application/json')).toMatch(
          /^(MALFORMED_JSON: the body names "\w+" twice|INVALID_\w+: .*)$/,
        );
      }
      expect(await refusal(method, url, doubled(text()), 'application/json')).toMatch(/^MALFORMED_JSON/);
    },
  );

  it('A name that stands twice in an object is refused in a line of a stream, which touches no other line', async () => {
    const [bad, good] = [doubled(JSON.stringify(aPost())), JSON.stringify(aPost())];
    const headers = { 'content-type': 'application/x-ndjson' };
    const answer = await appOf(market).inject({
      method: 'POST',
      url: '/v1/intentions',
      headers,
      payload: `${bad}\n${good}\n`,
    });
    const lines = answer.body.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { line: 1, code: 'MALFORMED_JSON', detail: 'the line names "clientIntentionId" twice' },
      { line: 2, status: 201 },
    ]);
  });

  it('A name that stands twice in an object is refused in a command from a topic', () => {
    const detail = 'it names "clientIntentionId" twice';
    expect(readTopicCommand(Buffer.from(doubled(JSON.stringify(aPost()))))).toMatchObject({
      code: 'INVALID_COMMAND',
      detail,
    });
  });
});

describe('a byte order mark before JSON', () => {
  const mark = '\ufeff';
  it.each(routes)('A byte order mark before JSON is refused in a body: %s %s', async (method, url, text) => {
    const told = await refusal(method, url, mark + text(), 'application/json');
    expect(told).toBe('MALFORMED_JSON: the body begins with a byte order mark');
  });

  it('A byte order mark before JSON is refused at the start of a stream of posts, as part of its first line', async () => {
    const told = await refusal('POST', '/v1/intentions', `${mark}${JSON.stringify(aPost())}\n`, 'application/x-ndjson');
    expect(told).toBe('MALFORMED_JSON: the line begins with a byte order mark');
  });

  it('A byte order mark before JSON is refused in a command from a topic', () => {
    const detail = 'it begins with a byte order mark';
    expect(readTopicCommand(Buffer.from(mark + JSON.stringify(aPost())))).toMatchObject({
      code: 'INVALID_COMMAND',
      detail,
    });
  });

  it('A byte order mark before JSON is refused in a key file', async () => {
    const file = await keyFile(`${mark}{"keys":[{"key":"alices-key","participant":"alice"}]}`);
    await expect(FileKeyring.load(file)).rejects.toThrow(/it is not JSON/);
  });
});
