import fc from 'fast-check';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { type Judge, openJudge } from '../../../support/http/hostile/decent-answer.js';
import { type HostileRequest, hostileRequests } from '../../../support/http/hostile/hostile-requests.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';
import { runs } from '../../../support/property/runs.js';

let market: Market;
let app: FastifyInstance;
let judge: Judge;
let head: number;

beforeEach(async () => {
  market = await openMarket();
  app = appOf(market, await FileKeyring.load(await keyFile()));
  judge = await openJudge(app);
  for (const who of ['alice', 'bob'] as const) {
    const { statusCode } = await app.inject({
      ...{ method: 'POST', url: '/v1/intentions', headers: as[who], payload: aPost({ participant: who }) },
    });
    expect(statusCode).toBe(201);
  }
  head = await market.log.head();
});

/** Sends it as somebody, and checks that the answer is decent and that nothing has come of it. */
async function send({ headers, ...request }: HostileRequest, who: keyof typeof as): Promise<void> {
  const asked = { ...request, headers: { ...headers, ...as[who] } };
  const answer = await app.inject(asked as InjectOptions); // methods that Fastify does not list are the point
  judge(answer, request);
  const before = head;
  head = await market.log.head(); // should something have come of it, what comes next is not to blame
  expect(head).toBe(before);
  if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method)) expect(answer.statusCode).toBeGreaterThanOrEqual(400);
}

async function expectStillWell(): Promise<void> {
  expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' });
  expect((await app.inject('/health/ready')).json()).toEqual({ status: 'serving' });
  expect(market.logged.filter(({ level }) => level >= 50)).toEqual([]);
  expect({}).not.toHaveProperty('operator');
}

describe('a request that nobody ought to send', () => {
  it('A request that nobody ought to send gets a problem with a code that its operation documents, appends nothing, and is no trouble to the server', async () => {
    const callers = fc.constantFrom<keyof typeof as>('alice', 'bob', 'operator');
    await fc.assert(fc.asyncProperty(hostileRequests, callers, send), runs(1_500));
    await expectStillWell();
  });

  it('A request that nobody ought to send gets a documented problem, too, when two participants send many at once', async () => {
    const some = fc.array(hostileRequests, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(some, some, async (alices, bobs) => {
        const sent = [...alices.map((each) => send(each, 'alice')), ...bobs.map((each) => send(each, 'bob'))];
        await Promise.all(sent);
      }),
      runs(60),
    );
    await expectStillWell();
  });
});
