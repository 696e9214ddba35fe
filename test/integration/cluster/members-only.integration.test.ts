import { describe, expect, it } from 'vitest';
import { MemberProver, PROOF_HEADER } from '../../../src/cluster/forwarding/member-proof.js';
import { CLUSTER_PATH } from '../../../src/cluster/forwarding/remote.js';
import { FileKeyring } from '../../../src/server/keys/keys.js';
import { CLUSTER_KEY_HEADER } from '../../../src/server/doors/members-door.js';
import { call, type HttpMember, serveMember, symbolIn } from '../../support/cluster/http-members.js';
import { TestCluster } from '../../support/cluster/members.js';
import { as, keyFile } from '../../support/http/key-file.js';
import { appOf, openMarket } from '../../support/http/market.js';

const KEY = 'the-clusters-own-secret';
const listing = { tickSize: '0.01', lotSize: '1' };
const listed = { verb: 'list', command: { symbol: 'S1', ...listing } };

async function send(member: HttpMember, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${member.url}${CLUSTER_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answers = (await answer.json()) as readonly Record<string, unknown>[] & { code?: string }; // an array, or a problem
  return { status: answer.status, answers };
}

async function alone(options: Parameters<typeof serveMember>[2] = {}, shards = 1): Promise<HttpMember> {
  const cluster = new TestCluster(shards);
  const member = await serveMember(cluster, 'a', options);
  await cluster.ready(member);
  return member;
}

describe('what members send each other', () => {
  it('What members send each other is taken with the cluster’s secret, as members of earlier releases send it, whatever keys one has', async () => {
    const member = await alone({ key: KEY, keys: await FileKeyring.load(await keyFile()) });
    const refused = [{}, as.operator, { [CLUSTER_KEY_HEADER]: 'guessed' }, { [CLUSTER_KEY_HEADER]: '' }];
    for (const headers of refused) {
      const { status, answers } = await send(member, [listed], headers);
      expect([status, answers.code]).toEqual([403, 'FORBIDDEN']);
    }
    const { status, answers } = await send(member, [listed], { [CLUSTER_KEY_HEADER]: KEY });
    expect([status, answers[0]?.ok]).toEqual([200, true]);
  });

  it('What members send each other is taken with a proof of that secret, once, for this member, and as it was sent', async () => {
    const member = await alone({ key: KEY, keys: await FileKeyring.load(await keyFile()) });
    const prover = new MemberProver(KEY);
    const batch = [listed];
    const proof = (to = member.url, path = CLUSTER_PATH): Record<string, string> => ({
      [PROOF_HEADER]: prover.prove({ method: 'POST', path, to }, Buffer.from(JSON.stringify(batch))).header,
    });
    const first = proof();
    const { status, answers } = await send(member, batch, first);
    expect([status, answers[0]?.ok]).toEqual([200, true]);
    const sendings: readonly (readonly [object, Record<string, string>])[] = [
      [batch, first],
      [[listed, listed], proof()],
      [batch, proof('http://10.0.0.7:7070')],
      [batch, proof(member.url, '/v1/cluster')],
    ];
    for (const [body, headers] of sendings) {
      const refused = await send(member, body, headers);
      expect([refused.status, refused.answers.code]).toEqual([403, 'FORBIDDEN']);
    }
  });

  it('What members send each other is answered with a proof, a refusal too, unless it was sent before', async () => {
    const member = await alone({ key: KEY });
    const prover = new MemberProver(KEY);
    const answered = async (body: string, header: string) => {
      const answer = await fetch(`${member.url}${CLUSTER_PATH}`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json', [PROOF_HEADER]: header }, body },
      });
      return { status: answer.status, body: Buffer.from(await answer.text()), proof: answer.headers.get(PROOF_HEADER) };
    };
    for (const [body, status] of [
      [JSON.stringify([listed]), 200],
      ['{}', 400],
      ['[', 400],
    ] as const) {
      const target = { method: 'POST', path: CLUSTER_PATH, to: member.url };
      const { header, mac } = prover.prove(target, Buffer.from(body));
      const answer = await answered(body, header);
      expect(answer.status).toBe(status);
      expect(prover.isAnswer(mac, status, answer.body, answer.proof)).toBe(true);
      expect(await answered(body, header)).toMatchObject({ status: 403, proof: null });
    }
  });

  it('What members send each other is never taken where there are keys and no secret', async () => {
    const member = await alone({ keys: await FileKeyring.load(await keyFile()) });
    expect((await send(member, [listed], as.operator)).status).toBe(403);
  });

  it('What members send each other is taken from this machine where there are neither', async () => {
    const member = await alone();
    expect((await send(member, [listed])).answers[0]?.ok).toBe(true);
    const other = await member.app.inject({
      ...{ method: 'POST', url: CLUSTER_PATH, payload: [listed], headers: { host: 'evil.example' } },
    });
    expect(other.statusCode).toBe(403);
  });

  it('What members send each other finds its way with a secret, from any member to any other', async () => {
    const cluster = new TestCluster(2);
    const keys = await FileKeyring.load(await keyFile());
    const members = [
      await serveMember(cluster, 'a', { key: KEY, keys }),
      await serveMember(cluster, 'b', { key: KEY, keys }),
    ];
    await cluster.ready(...members);
    for (const member of members) {
      for (const shard of [0, 1]) {
        const url = `/v1/instruments/${symbolIn(shard, 2)}`;
        expect([200, 201]).toContain((await call(member, 'PUT', url, listing, as.operator)).status);
      }
    }
  });

  it('What members send each other is checked like what clients send, each request by itself', async () => {
    const member = await alone();
    const post = {
      clientIntentionId: 'c-1',
      participant: 'alice',
      instrument: 'S1',
      side: 'buy',
      quantity: '1',
      price: '1',
    };
    const { participant: _, ...nameless } = post;
    const { status, answers } = await send(member, [
      listed,
      { verb: 'post', command: { ...post, quantity: 1 } },
      { verb: 'post', command: { ...post, sneaky: true } },
      { verb: 'post', command: nameless },
      { verb: 'withdraw', command: { id: 1 } },
      { verb: 'reduce', command: { id: '1' } },
      { verb: 'withdrawAll', command: { shard: 0, reason: 'halted' } },
      { verb: 'constructor', command: {} },
      { verb: 'close', command: {} },
      { verb: 'list', command: null },
      'post',
      null,
      { verb: 'post', command: post },
    ]);
    expect(status).toBe(200);
    expect(answers.map(({ ok, code }) => code ?? ok)).toEqual([
      ...[true, 'INVALID_QUANTITY', 'INVALID_COMMAND', 'INVALID_COMMAND', 'INVALID_COMMAND', 'INVALID_COMMAND'],
      ...['INVALID_COMMAND', 'INVALID_COMMAND', 'INVALID_COMMAND', 'INVALID_COMMAND', 'INVALID_COMMAND'],
      ...['INVALID_COMMAND', true],
    ]);
  });

  it('What members send each other is refused whole when it is no batch, or too large a one', async () => {
    const member = await alone();
    for (const body of [{}, 'post', Array.from({ length: 2_001 }, () => listed)]) {
      expect((await send(member, body)).status).toBe(400);
    }
  });

  it('What members send each other is carried out on the member’s own shards alone, and never handed on', async () => {
    const cluster = new TestCluster(2);
    const [a, b] = [await serveMember(cluster, 'a'), await serveMember(cluster, 'b')];
    await cluster.ready(a, b);
    const requests = [0, 1].map((shard) => ({ verb: 'list', command: { symbol: symbolIn(shard, 2), ...listing } }));
    const { answers } = await send(a, requests);
    expect(answers.map(({ ok, code }) => code ?? ok)).toEqual([true, 'NOT_OWNER']);
    expect([a.exchange.cluster.forwarded, b.exchange.cluster.forwarded]).toEqual([0, 0]);
  });

  it('What members send each other is nothing that a server alone, or the document, knows of', async () => {
    const app = appOf(await openMarket());
    expect((await app.inject({ method: 'POST', url: CLUSTER_PATH, payload: [] })).statusCode).toBe(404);
    const member = await alone();
    expect((await member.app.inject({ method: 'GET', url: '/openapi.json' })).body).not.toContain(CLUSTER_PATH);
  });
});

describe('GET /v1/cluster', () => {
  it('GET /v1/cluster shows members and owners, and which one answers', async () => {
    const cluster = new TestCluster(2);
    const [a, b] = [await serveMember(cluster, 'a'), await serveMember(cluster, 'b')];
    await cluster.ready(a, b);
    const { body } = await call(b, 'GET', '/v1/cluster');
    const since = expect.any(String) as string;
    const seenMsAgo = expect.any(Number) as number;
    expect(body).toMatchObject({
      self: 'b',
      members: [
        { member: 'a', url: a.url, state: 'serving', since, seenMsAgo, shards: 1 },
        { member: 'b', url: b.url, state: 'serving', since, seenMsAgo: 0, shards: 1 },
      ],
    });
    const shards = [...(body.shards as readonly Record<string, unknown>[])];
    expect(shards.map(({ shard, state, epoch }) => [shard, state, epoch])).toEqual([
      [0, 'serving', expect.any(Number)],
      [1, 'serving', expect.any(Number)],
    ]);
    expect(shards.map(({ owner }) => owner).sort()).toEqual(['a', 'b']);
  });

  it('GET /v1/cluster shows a member that is gone, and who has its shards now', async () => {
    const cluster = new TestCluster(2);
    const [a, b] = [await serveMember(cluster, 'a'), await serveMember(cluster, 'b')];
    await cluster.ready(a, b);
    await b.kill();
    await cluster.time.passUntil(() => expect(cluster.servedBy(a)).toEqual([0, 1]));
    expect((await call(a, 'GET', '/v1/cluster')).body).toMatchObject({
      members: [
        { state: 'serving', shards: 2 },
        { state: 'gone', shards: 0 },
      ],
      shards: [
        { state: 'serving', owner: 'a' },
        { state: 'serving', owner: 'a' },
      ],
    });
    const metrics = (await a.app.inject({ method: 'GET', url: '/metrics' })).body.split('\n');
    expect(metrics).toContain('parley_take_overs_total 1');
    expect(metrics).toContain('parley_serving{shard="0"} 1');
    expect(metrics).toContain('parley_serving{shard="1"} 1');
    expect(metrics.some((line) => line.startsWith('parley_forwarded_commands_total '))).toBe(true);
  });

  it('GET /v1/cluster shows a server that is alone as the only member', async () => {
    const answer = await appOf(await openMarket()).inject({ method: 'GET', url: '/v1/cluster' });
    expect(answer.json()).toMatchObject({
      ...{ self: 'alone', members: [{ member: 'alone', state: 'serving', shards: 1 }] },
      shards: [{ shard: 0, state: 'serving', owner: 'alone', epoch: 1 }],
    });
  });
});
