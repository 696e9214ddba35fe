import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { postIntentionSchema } from '../../../../src/api/schemas/schemas.js';
import { aPost, appOf, openMarket } from '../../../support/http/market.js';
import { schemaCompiler } from '../../../support/http/openapi/schema-check.js';
import { runs } from '../../../support/property/runs.js';

type Body = Readonly<Record<string, unknown>>;

let post: (bodies: readonly Body[]) => Promise<(string | undefined)[]>;
let whatIsWrong: (body: unknown) => string;
beforeEach(async () => {
  const app = appOf(await openMarket());
  const headers = { 'content-type': 'application/x-ndjson' };
  post = async (bodies) => {
    const payload = bodies.map((body) => `${JSON.stringify(body)}\n`).join('');
    const answer = await app.inject({ method: 'POST', url: '/v1/intentions', payload, headers });
    return answer.body
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { code?: string }).code);
  };
  whatIsWrong = (await schemaCompiler())(postIntentionSchema);
});

const names = [...Object.keys(postIntentionSchema.properties), 'colour', '__proto__', 'toString'];
const good = [
  'buy',
  'sell',
  'limit',
  'market',
  'gtc',
  'ioc',
  'fok',
  'gtd',
  'ACME',
  'alice',
  '10.25',
  '7',
  '2999-01-01T00:00:00Z',
];
const odd = ['', ' ', '0', '0.00', '-1', '1e3', '1.', '.5', '01', '1,5', 'ü', 'x'.repeat(65), 'a b', 'a/b', 'BUY'];
const value = fc.oneof(
  fc.constantFrom(...good),
  fc.constantFrom(...odd),
  fc.constantFrom(null, true, false, 0, 10.25, 1e300),
  fc.constantFrom<unknown>([], {}, ['10.25'], { $gt: '' }),
  fc.string(),
);
const changes = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 2 });
const left = fc.option(fc.constantFrom(...names.filter((name) => name !== 'participant')), { nil: undefined });

const body = fc.tuple(changes, left).map(([changed, without]) => {
  const entries = [...Object.entries(aPost()), ...changed].filter(([name]) => name !== without);
  return Object.fromEntries(entries);
});

/** What is a matter of how the fields go together, which a schema of fields does not say. */
function isAboutTogether(code: string, { price }: Body): boolean {
  return (
    code === 'INVALID_EXPIRY' || code === 'INVALID_COMBINATION' || (code === 'INVALID_PRICE' && price === undefined)
  );
}

describe('the documented schema of a post and the check by hand', () => {
  it('The documented schema of a post and the check by hand agree: what one refuses is refused, and what it takes is not refused for its form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 50 }), async (bodies) => {
        const codes = await post(bodies);
        for (const [index, each] of bodies.entries()) {
          const code = codes[index];
          const wrong = whatIsWrong(each);
          if (wrong !== '') expect(code, wrong).toBeDefined();
          else if (code !== undefined && !isAboutTogether(code, each)) expect(code).not.toMatch(/^INVALID_/);
        }
      }),
      runs(100),
    );
  });
});
