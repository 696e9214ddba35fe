import { expect, it } from 'vitest';
import { eventsOfBatch } from '../../../src/events/fold.js';
import { call, type HttpMember } from '../../support/cluster/http-members.js';
import type { TestCluster } from '../../support/cluster/members.js';
import { scene, symbols } from '../../support/cluster/scene.js';

const [first = '', second = ''] = symbols;

let posts = 0;
async function post(member: HttpMember, instrument: string, price = '10.00') {
  const terms = { participant: 'alice', instrument, side: 'buy', price, quantity: '5' };
  return call(member, 'POST', '/v1/intentions', { clientIntentionId: `r-${++posts}`, ...terms });
}

/** How many events of a type each log holds. */
async function counts({ logs }: TestCluster, type: string): Promise<readonly number[]> {
  const countIn = async (log: (typeof logs)[number]): Promise<number> => {
    let count = 0;
    for await (const batch of log.read(0)) {
      for (const { event } of eventsOfBatch(batch)) if (event.type === type) count++;
    }
    return count;
  };
  return Promise.all(logs.map(countIn));
}

it('A switch that is set at any member stands in every shard, and withdraws in each what is open there once it lapses', async () => {
  const { cluster, members } = await scene();
  for (const [index, member] of members.entries()) {
    const set = await call(member, 'POST', '/v1/switch', { participant: 'alice', withinMs: 60_000 + index });
    expect([set.status, set.body.withinMs, Object.keys(set.body.positionByShard ?? {})]).toEqual([
      ...[200, 60_000 + index],
      ['0', '1', '2'],
    ]);
    expect(await counts(cluster, 'SwitchSet')).toEqual([index + 1, index + 1, index + 1]);
  }
  const { body: account } = await call(members[2], 'GET', '/v1/account?participant=alice');
  const { body: shown } = await call(members[2], 'GET', '/v1/switch?participant=alice');
  expect(account.switch).toEqual({ withinMs: 60_002, lapsesAt: shown.lapsesAt });
  const ids = await Promise.all(symbols.map(async (symbol) => String((await post(members[0], symbol)).body.id)));
  await cluster.time.pass(60_100);
  // What lapses with no command to come is withdrawn by the time alone.
  const statuses = async (): Promise<readonly unknown[]> => {
    const found = await Promise.all(ids.map((id) => call(members[1], 'GET', `/v1/intentions/${id}`)));
    return found.map(({ body }) => body.closedReason);
  };
  await expect.poll(statuses).toEqual(['switchLapsed', 'switchLapsed', 'switchLapsed']);
  expect(await counts(cluster, 'SwitchLapsed')).toEqual([1, 1, 1]);
});

it('Limits that are set at any member hold in every shard, and those of an instrument in the shard of that alone', async () => {
  const { cluster, members } = await scene();
  const [a, b, c] = members;
  const ofOne = await call(b, 'PUT', '/v1/limits/alice', { instrument: second, openQuantity: '7' });
  expect(ofOne.body).toMatchObject({ participant: 'alice', instrument: second, openQuantity: '7', halted: false });
  expect(await counts(cluster, 'LimitsSet')).toEqual([0, 1, 0]);
  for (const member of members) expect((await post(member, first)).status).toBe(201);
  expect((await post(a, second)).status).toBe(201);
  for (const member of members) expect((await post(member, second)).body.code).toBe('LIMIT_OPEN_QUANTITY');

  const limited = { participant: 'alice', instrument: second, openQuantity: '7', halted: false };
  expect((await call(c, 'GET', '/v1/account?participant=alice')).body.limits).toEqual([limited]);
  const ofAll = await call(c, 'PUT', '/v1/limits/alice', { halted: true, withdraw: true });
  expect([ofAll.status, Object.keys(ofAll.body.positionByShard ?? {})]).toEqual([200, ['0', '1', '2']]);
  for (const member of members)
    for (const symbol of symbols) expect((await post(member, symbol)).body.code).toBe('HALTED');
  const { limits } = (await call(b, 'GET', '/v1/account?participant=alice')).body;
  expect(limits).toEqual([{ participant: 'alice', halted: true }, limited]);
  for (const symbol of symbols) expect((await call(a, 'GET', `/v1/book/${symbol}`)).body.bids).toEqual([]);
});

it('A member refuses a switch and limits of others that are no such thing, as its own', async () => {
  const { members } = await scene();
  for (const member of members) {
    expect((await call(member, 'POST', '/v1/switch', { participant: 'alice', withinMs: 5 })).body.code).toBe(
      'INVALID_COMMAND',
    );
    expect((await call(member, 'PUT', '/v1/limits/alice', { instrument: 'NONE' })).body.code).toBe(
      'UNKNOWN_INSTRUMENT',
    );
  }
});
