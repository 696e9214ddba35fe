import { describe, expect, it } from 'vitest';
import { appOf, openMarket } from '../../../support/http/market.js';

describe('an address that cannot be read', () => {
  it.each([
    ['a bad escape', '/v1/deals/%zz'],
    ['a part that is not UTF-8', '/v1/deals/%ff'],
    ['a part that is far too long', `/v1/intentions/${'9'.repeat(20_000)}`],
    ['a bad escape before a long query', `/v1/deals/%zz?limit=${'x'.repeat(9_000)}`],
  ])('An address that cannot be read is refused in a few words that do not repeat it: %s', async (_what, url) => {
    const answer = await appOf(await openMarket()).inject({ method: 'GET', url });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'MALFORMED_HTTP']);
    expect(answer.body.length).toBeLessThan(400);
  });
});
