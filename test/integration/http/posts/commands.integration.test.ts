import type { FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { as, keyFile } from '../../../support/http/key-file.js';
import { type Market, aPost, appOf, openMarket } from '../../../support/http/market.js';

let market: Market;
let app: FastifyInstance;
beforeEach(async () => {
  market = await openMarket();
  app = appOf(market);
});

type Fields = Readonly<Record<string, unknown>>;

async function lines(...commands: readonly (Fields | string)[]): Promise<Fields[]> {
  const payload = commands.map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('');
  const headers = { 'content-type': 'application/x-ndjson' };
  const { body } = await app.inject({ method: 'POST', url: '/v1/intentions', payload, headers });
  return body
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Fields);
}

async function posted(fields: Fields = {}): Promise<string> {
  return (await app.inject({ method: 'POST', url: '/v1/intentions', payload: aPost(fields) })).json<{ id: string }>()
    .id;
}

const send = (method: 'DELETE' | 'PATCH', url: string, payload?: object) =>
  app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });

describe('a stream of commands', () => {
  it('A stream of commands carries out posts, changes and withdrawals in the order of its lines', async () => {
    const about = { clientIntentionId: 's-1', participant: 'alice' };
    const answers = await lines(
      aPost({ clientIntentionId: 's-1' }),
      { command: 'reduce', ...about, by: '30' },
      { command: 'replace', id: '1', price: '10.30' },
      { command: 'post', ...aPost({ participant: 'bob', side: 'sell', quantity: '20', price: '10.30' }) },
      { command: 'withdraw', ...about },
      { command: 'withdraw', ...about },
      { command: 'reduce', ...about, by: '1' },
      aPost({ clientIntentionId: 's-2' }),
    );
    expect(answers).toMatchObject([
      { line: 1, status: 201, intentionStatus: 'open', open: '100' },
      { line: 2, status: 200, id: '1', intentionStatus: 'open', open: '70' },
      { line: 3, status: 200, id: '1', intentionStatus: 'open', open: '70' },
      { line: 4, status: 201, intentionStatus: 'filled', deals: [{ id: '1-1', price: '10.30', quantity: '20' }] },
      { line: 5, status: 200, intentionStatus: 'withdrawn', filled: '20' },
      { line: 6, status: 200, intentionStatus: 'withdrawn', filled: '20', closedReason: 'requested' },
      { line: 7, status: 409, code: 'INTENTION_CLOSED', intentionStatus: 'withdrawn' },
      { line: 8, status: 201 },
    ]);
    expect(answers[5]).toEqual({ ...answers[4], line: 6 });
  });

  it('A stream of commands withdraws all that stood when its line came, and not what its later lines post', async () => {
    const answers = await lines(
      ...[aPost(), aPost({ participant: 'bob', price: '10.00' }), { command: 'withdrawAll', all: true }],
      aPost({ clientIntentionId: 'later' }),
    );
    expect(answers[2]).toMatchObject({ line: 3, status: 200, withdrawn: 2, intentions: [{ id: '1' }, { id: '2' }] });
    expect(answers[3]).toMatchObject({ status: 201, intentionStatus: 'open' });
    expect((await app.inject('/v1/intentions?status=open')).json().intentions).toMatchObject([
      { clientIntentionId: 'later' },
    ]);
  });

  it('A stream of commands sets the dead man’s switch as its route does', async () => {
    const [set, off] = await lines(
      { command: 'switch', participant: 'alice', withinMs: 5_000 },
      { command: 'switch', participant: 'alice', withinMs: 0 },
    );
    expect(set).toMatchObject({ line: 1, status: 200, participant: 'alice', withinMs: 5_000 });
    expect(set).toHaveProperty('lapsesAt');
    expect(off).toMatchObject({ line: 2, status: 200, withinMs: 0 });
    expect(off).not.toHaveProperty('lapsesAt');
  });

  it.each([
    [{ command: 'cancel', id: '1' }, 'command must be post, withdraw, reduce, replace, withdrawAll or switch'],
    [{ command: 'withdraw' }, 'give either id or clientIntentionId'],
    [{ command: 'withdraw', id: '1', clientIntentionId: 'a' }, 'give either id or clientIntentionId'],
    [{ command: 'withdraw', id: 1 }, 'id must be a string'],
    [{ command: 'withdraw', id: '1', by: '1' }, 'there is no field "by"'],
    [{ command: 'withdraw', id: '1', __proto__x: '1' }, 'there is no field "__proto__x"'],
    [{ command: 'withdraw', clientIntentionId: 'a' }, /^participant is missing/],
    [{ command: 'reduce', id: '1' }, 'by is missing'],
    [{ command: 'replace', id: '1' }, 'give price, quantity or both'],
    [{ command: 'withdrawAll' }, 'give instrument, side, or all=true'],
    [{ command: 'withdrawAll', all: false }, 'give instrument, side, or all=true'],
    [{ command: 'withdrawAll', all: 'true' }, 'all must be true or false'],
    [{ command: 'withdrawAll', side: 'both' }, 'side must be buy or sell'],
    [{ command: 'withdrawAll', all: true, reason: 'disconnected' }, 'there is no field "reason"'],
    [{ command: 'switch', participant: 'alice' }, 'withinMs is missing'],
    [{ command: 'switch', withinMs: 5_000 }, 'participant is missing: say whose switch'],
    [{ command: 'switch', participant: 'alice', withinMs: '5000' }, 'withinMs must be a whole number'],
    [{ command: 'switch', participant: 'alice', withinMs: 1e300 }, 'withinMs must be a whole number'],
    [{ command: 'switch', participant: 'alice', withinMs: -1 }, /^withinMs is 0, or/],
    [{ command: 'switch', participant: 'alice', withinMs: 999 }, /^withinMs is 0, or/],
    [{ command: 'switch', participant: 'alice', withinMs: 86_400_001 }, /^withinMs is 0, or/],
    [{ command: 'switch', participant: 'alice', withinMs: 5_000, all: true }, 'there is no field "all"'],
    [{ command: {}, id: '1' }, /^command must be/],
    ['{"command":"withdraw","__proto__":{"id":"1"}}', 'there is no field "__proto__"'],
  ])('A stream of commands refuses %j, and touches nothing', async (command, detail) => {
    const id = await posted();
    const [answer] = await lines(command);
    expect(answer).toMatchObject({ line: 1, status: 400, code: 'INVALID_COMMAND' });
    expect(answer?.detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
    expect((await app.inject(`/v1/intentions/${id}`)).json()).toMatchObject({ status: 'open', open: '100' });
  });
});

describe('a change of what is closed', () => {
  it('A change of what is closed is refused, and says which', async () => {
    const id = await posted();
    await posted({ participant: 'bob', side: 'sell' });
    const answer = await send('PATCH', `/v1/intentions/${id}`, { reduceBy: '1' });
    expect(answer.json()).toMatchObject({
      ...{ status: 409, code: 'INTENTION_CLOSED', intentionStatus: 'filled', detail: `intention ${id} is filled` },
    });
  });

  it('A change of what is closed is answered as done where it is known to have filled it', async () => {
    const id = await posted({ price: '9.00' });
    await posted({ participant: 'bob', side: 'sell' });
    const change = { price: '10.25', clientCommandId: 'c-1' };
    const first = await send('PATCH', `/v1/intentions/${id}`, change);
    expect(first.json()).toMatchObject({ status: 'filled', filled: '100', open: '0' });
    expect((await send('PATCH', `/v1/intentions/${id}`, change)).body).toBe(first.body);
  });
});

describe('by a client’s own id', () => {
  const mine = '/v1/intentions/by-client-id/mine?participant=alice';

  it('By a client’s own id an intention is changed and withdrawn, also once it is closed', async () => {
    const id = await posted({ clientIntentionId: 'mine' });
    expect((await send('PATCH', mine, { quantity: '40' })).json()).toMatchObject({ id, open: '40' });
    const ended = await send('DELETE', mine);
    expect(ended.json()).toMatchObject({ id, status: 'withdrawn' });
    expect((await send('DELETE', mine)).body).toBe(ended.body);
    expect((await send('DELETE', `${mine}&instrument=OTHER`)).json()).toMatchObject({ code: 'UNKNOWN_INTENTION' });
  });

  it('By a client’s own id nothing is found of another participant, and an operator says whose it is', async () => {
    await posted({ clientIntentionId: 'mine' });
    const asked = '/v1/intentions/by-client-id/mine';
    expect((await send('DELETE', asked)).json()).toMatchObject({ code: 'INVALID_COMMAND' });
    expect((await send('DELETE', `${asked}?participant=bob`)).json()).toMatchObject({ code: 'UNKNOWN_INTENTION' });
    expect((await send('DELETE', '/v1/intentions/by-client-id/a%20b?participant=bob')).statusCode).toBe(404);
  });
});

describe('DELETE /v1/intentions', () => {
  it('DELETE /v1/intentions withdraws what is chosen, and tells the clients’ ids', async () => {
    await posted({ clientIntentionId: 'one' });
    await posted({ participant: 'bob', side: 'sell', price: '10.20', quantity: '30' });
    await posted({ clientIntentionId: 'two', side: 'sell', price: '11.00' });
    const answer = (await send('DELETE', '/v1/intentions?side=buy')).json();
    expect(answer).toEqual({
      ...{ withdrawn: 1, intentions: [{ id: '1', clientIntentionId: 'one', filled: '30' }] },
      position: expect.any(Number),
    });
    expect((await send('DELETE', '/v1/intentions?all=true')).json()).toMatchObject({ withdrawn: 1 });
  });

  it.each(['', '?all=false', '?participant=alice', '?all=yes', '?side=both'])(
    'DELETE /v1/intentions%s withdraws nothing by accident',
    async (query) => {
      await posted();
      expect((await send('DELETE', `/v1/intentions${query}`)).json()).toMatchObject({
        status: 400,
        code: 'INVALID_COMMAND',
      });
      expect(market.exchange.status().openIntentions).toBe(1);
    },
  );

  it('DELETE /v1/intentions with a participant’s key withdraws that participant’s own alone', async () => {
    await posted();
    await posted({ participant: 'bob' });
    const keys = await FileKeyring.load(await keyFile());
    app = appOf(market, keys);
    const ask = (url: string) => app.inject({ method: 'DELETE', url, headers: as.alice });
    expect((await ask('/v1/intentions?all=true&participant=bob')).json()).toMatchObject({ code: 'FORBIDDEN' });
    expect((await ask('/v1/intentions?all=true')).json()).toMatchObject({ withdrawn: 1, intentions: [{ id: '1' }] });
    expect((await ask('/v1/intentions/2')).json()).toMatchObject({ code: 'NOT_YOURS' });
  });
});
