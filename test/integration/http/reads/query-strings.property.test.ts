import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { listen, openMarket } from '../../../support/http/market.js';
import {
  type OpenApiDocument,
  type Operation,
  type Parameter,
  operationsOf,
} from '../../../support/http/openapi/openapi-document.js';
import { PlainSender } from '../../../support/http/openapi/plain-request.js';
import { breakingText, fitting } from '../../../support/http/openapi/schema-values.js';
import { runs } from '../../../support/property/runs.js';

let sender: PlainSender;
let asked: { readonly operation: Operation; readonly parameter: Parameter }[];
beforeEach(async () => {
  sender = new PlainSender((await listen(await openMarket())).port);
  const document = (await get('/openapi.json')) as OpenApiDocument; // what the other tests check
  asked = operationsOf(document).flatMap((operation) =>
    operation.method !== 'GET'
      ? []
      : operation.parameters.filter((each) => each.in === 'query').map((parameter) => ({ operation, parameter })),
  );
});

/** What comes back, as JSON; nothing of a stream of events, which has no end. */
async function get(url: string): Promise<unknown> {
  const { body } = await sender.send({ method: 'GET', url, headers: {} });
  return body === '' ? {} : JSON.parse(body);
}

/** An operator without keys asks for everybody's, which of intentions nobody can. */
async function refusalOf(
  { path, operationId }: Operation,
  { name }: Parameter,
  value: string,
): Promise<[string, string]> {
  const namesOne = ['listIntentions', 'getAccount'].includes(operationId) && name !== 'participant';
  const others = namesOne ? 'participant=alice&' : '';
  const named = path
    .replace('deals/{id}', 'deals/1-1')
    .replace('{id}', '1')
    .replace(/\{\w+\}/, 'ACME');
  const answer = await get(`${named}?${others}${name}=${encodeURIComponent(value)}`);
  const { code = 'none', detail = '' } = answer as { readonly code?: string; readonly detail?: string }; // a problem, or neither
  return [code, detail];
}

describe('what stands in a query string', () => {
  it('What stands in a query string is held to the schema that documents it: what does not fit is refused, and named', async () => {
    expect(asked.length).toBeGreaterThan(10);
    for (const { operation, parameter } of asked) {
      const values = breakingText(parameter.schema);
      if (values === undefined) continue;
      const property = fc.asyncProperty(values, async (value) => {
        const [code, detail] = await refusalOf(operation, parameter, value);
        expect(code, `${operation.path} ${parameter.name}=${value}`).toBe('INVALID_COMMAND');
        expect(detail).toContain(parameter.name);
      });
      await fc.assert(property, runs(25));
    }
  });

  it('What stands in a query string is taken where it fits', async () => {
    for (const { operation, parameter } of asked) {
      const property = fc.asyncProperty(fitting(parameter.schema, parameter.name).map(String), async (value) => {
        const [code, detail] = await refusalOf(operation, parameter, value);
        if (/^after: no such (position|instrument is listed)$/.test(detail)) return; // of the right form, and of nothing that there is
        expect(code, `${operation.path} ${parameter.name}=${value}: ${detail}`).not.toBe('INVALID_COMMAND');
      });
      await fc.assert(property, runs(25));
    }
  });
});
