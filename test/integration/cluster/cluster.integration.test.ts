import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { auditLog } from '../../../projections/audit/audit-log.js';
import type { LocalExchange } from '../../../src/cluster/shard-slot.js';
import type { PostIntention } from '../../../src/exchange/commands.js';
import { eventsOfBatch } from '../../../src/events/fold.js';
import type { MemoryLog } from '../../support/log/memory-log.js';
import { call, GatedLog, type HttpAnswer, type HttpMember, serveMember } from '../../support/cluster/http-members.js';
import { SocketProgram } from '../../support/http/sockets/socket-program.js';
import { eventsIn } from '../../support/reference/exchange-harness.js';
import { DEAD_AFTER_MS, HEARTBEAT_MS, type LoggedLine, TestCluster } from '../../support/cluster/members.js';
import { listing, scene, SHARDS, symbols } from '../../support/cluster/scene.js';

/** The exchange of the first shard, in the member that serves it. */
function localOf({ member }: HttpMember): LocalExchange {
  const exchange = member.local(0);
  if (exchange === undefined) throw new Error(`${member.memberId} does not serve it`);
  return exchange;
}

let posts = 0;
const post = (instrument: string, fields: Partial<PostIntention> = {}): PostIntention => ({
  ...{
    clientIntentionId: `i-${++posts}`,
    participant: 'alice',
    instrument,
    side: 'buy',
    price: '10.00',
    quantity: '5',
  },
  ...fields,
});

/** The ids of all intentions of a log, by client id; fails when a client id comes twice. */
async function intentionsIn(log: MemoryLog): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for await (const batch of log.read(0)) {
    for (const { event } of eventsOfBatch(batch)) {
      if (event.type !== 'IntentionPosted') continue;
      expect(found.has(event.clientIntentionId)).toBe(false);
      found.set(event.clientIntentionId, event.intentionId);
    }
  }
  return found;
}

/** What was acknowledged is in the logs, once, under the id that was given, and the logs are as they should be. */
async function mustHold(cluster: TestCluster, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  const stored = new Map<string, number>();
  for (const log of cluster.logs) {
    expect((await auditLog(log)).findings.filter(({ severity }) => severity === 'violation')).toEqual([]);
    for (const [clientId, id] of await intentionsIn(log)) {
      expect(stored.has(clientId)).toBe(false);
      stored.set(clientId, id);
    }
  }
  for (const [clientId, id] of acknowledged) expect([clientId, String(stored.get(clientId))]).toEqual([clientId, id]);
}

describe('a cluster of three', () => {
  it('A cluster of three takes any command at any member, and answers with what the owner did', async () => {
    const { cluster, members } = await scene();
    for (const member of members) {
      for (const [shard, symbol] of symbols.entries()) {
        const posted = await call(member, 'POST', '/v1/intentions', post(symbol));
        expect([posted.status, posted.body.instrument]).toEqual([201, symbol]);
        const id = String(posted.body.id);
        expect(Math.floor(Number(id) / 2 ** 32)).toBe(shard);
        const path = `/v1/intentions/${id}`;
        expect((await call(member, 'PATCH', path, { reduceBy: '1' })).body).toMatchObject({ id, open: '4' });
        expect((await call(member, 'PATCH', path, { price: '9.00', quantity: '7' })).body).toMatchObject({ open: '7' });
        const book = await call(member, 'GET', `/v1/book/${symbol}`);
        expect(book.body).toMatchObject({ instrument: symbol, bids: [{ price: '9.00', quantity: '7' }], asks: [] });
        expect((await call(member, 'DELETE', path)).body).toMatchObject({ id, status: 'withdrawn' });
        expect((await call(member, 'DELETE', path)).body).toMatchObject({ id, status: 'withdrawn' });
        expect((await call(member, 'PATCH', path, { reduceBy: '1' })).body).toMatchObject({
          ...{ code: 'INTENTION_CLOSED', intentionStatus: 'withdrawn' },
        });
        const phase = await call(member, 'POST', `/v1/instruments/${symbol}/phase`, { phase: 'call' });
        expect(phase.body).toMatchObject({ symbol, phase: 'call' });
        expect((await call(member, 'POST', `/v1/instruments/${symbol}/uncross`)).body).toMatchObject({ deals: 0 });
        await call(member, 'POST', `/v1/instruments/${symbol}/phase`, { phase: 'continuous' });
      }
      const listed = await call(member, 'GET', '/v1/instruments');
      expect(listed.body.instruments).toMatchObject(symbols.map((symbol) => ({ symbol })));
      expect(Object.keys(listed.body.positionByShard ?? {})).toEqual(['0', '1', '2']);
      expect((await call(member, 'DELETE', `/v1/intentions/${2 ** 40}`)).body.code).toBe('UNKNOWN_INTENTION');
      expect((await call(member, 'GET', '/v1/book/NONE')).body.code).toBe('UNKNOWN_INSTRUMENT');
    }
    await mustHold(cluster, new Map());
  });

  it('A cluster of three answers a stream of posts for all shards in order, and the same post twice with the same answer', async () => {
    const { cluster, members } = await scene();
    const lines = Array.from({ length: 300 }, (_, at) =>
      post(symbols[at % SHARDS] ?? '', { price: `${1 + (at % 7)}.00` }),
    );
    const stream = async (member: HttpMember): Promise<Record<string, unknown>[]> => {
      const answer = await fetch(`${member.url}/v1/intentions`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
      });
      const text = (await answer.text()).trim().split('\n');
      return text.map((line) => JSON.parse(line) as Record<string, unknown>); // each line is an answer
    };
    const answers = await stream(members[0]);
    expect(answers.map(({ clientIntentionId }) => clientIntentionId)).toEqual(
      lines.map((line) => line.clientIntentionId),
    );
    for (const symbol of symbols) {
      const ids = answers.filter(({ instrument }) => instrument === symbol).map(({ id }) => Number(id));
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    }
    expect(await stream(members[1])).toEqual(answers);
    const acknowledged = answers.map((each) => [String(each.clientIntentionId), String(each.id)] as const);
    await mustHold(cluster, new Map(acknowledged));
    expect(members[0].exchange.cluster.forwarded).toBeGreaterThanOrEqual(200);
  });

  it('A cluster of three loses nothing and does nothing twice when a member dies under load, and goes on without it', async () => {
    const { cluster, members } = await scene();
    const acknowledged = new Map<string, string>();
    let isOver = false;
    let isAbandoned = false;
    onTestFinished(() => void (isOver = isAbandoned = true));
    const produce = async (first: number): Promise<void> => {
      for (let turn = first; !isOver; turn++) {
        const intention = post(symbols[turn % SHARDS] ?? '', {
          price: `${5 + (turn % 3)}.00`,
          side: turn % 2 === 0 ? 'buy' : 'sell',
        });
        // A client that gets no answer asks another member, under the same client id.
        for (let at = turn; !isAbandoned; at++) {
          const answer = await call(members[at % 3] ?? members[0], 'POST', '/v1/intentions', intention).catch(
            () => undefined,
          );
          if (answer === undefined || answer.status === 503) continue;
          expect(answer.status).toBe(201);
          acknowledged.set(String(answer.body.clientIntentionId), String(answer.body.id));
          break;
        }
      }
    };
    const producing = Promise.all([0, 1, 2, 3].map((first) => produce(first)));
    await expect.poll(() => acknowledged.size).toBeGreaterThan(50);
    const [shard] = cluster.servedBy(members[2]);
    await members[2].kill();
    const takenUp = call(members[0], 'POST', '/v1/intentions', post(symbols[shard ?? 0] ?? ''));
    const tookOver = (): LoggedLine | undefined =>
      cluster.logged.find(({ message }) => message.startsWith('took over'));
    await cluster.time.passUntil(() => expect(tookOver()).toBeDefined());
    const orphan = await takenUp;
    expect(orphan.status).toBe(201);
    acknowledged.set(String(orphan.body.clientIntentionId), String(orphan.body.id));
    const before = acknowledged.size;
    await expect.poll(() => acknowledged.size).toBeGreaterThan(before + 50);
    isOver = true;
    await producing;
    await mustHold(cluster, acknowledged);
    expect(tookOver()?.fields).toMatchObject({ shard, from: 'c' });
    expect(Number(tookOver()?.fields.tookMs)).toBeLessThanOrEqual(DEAD_AFTER_MS + HEARTBEAT_MS);
  });

  it('A cluster of three takes no answer of an owner that stood still for an acknowledgement, and its appends do no harm', async () => {
    const cluster = new TestCluster(1);
    const log = GatedLog.onto(cluster.logOf(0));
    const stalled = await serveMember(cluster, 'a', { logOf: () => log });
    await cluster.ready(stalled);
    const other = await serveMember(cluster, 'b');
    await call(stalled, 'PUT', `/v1/instruments/S1`, listing);
    log.hold();
    stalled.connection.cut(true);
    const intention = post('S1');
    const exchange = localOf(stalled);
    const taking = vi.spyOn(exchange, 'postAll');
    const direct = exchange.postAll([intention]);
    const viaHttp = call(stalled, 'POST', '/v1/intentions', intention);
    await expect.poll(() => taking.mock.calls.length).toBe(2);
    await expect.poll(() => log.heldUp).toBe(1);
    await cluster.time.passUntil(() => expect(cluster.servedBy(other)).toEqual([0]));
    const acknowledged = await call(other, 'POST', '/v1/intentions', intention);
    expect(acknowledged.status).toBe(201);
    log.letGo();
    expect(await direct).toMatchObject([{ ok: false, code: 'SHARD_UNAVAILABLE' }]);
    stalled.connection.cut(false);
    await cluster.time.passUntil(() => expect(stalled.member.ownerOf(0)?.memberId).toBe('b'));
    // Over HTTP it is handed on to the new owner, under the same client id: the same intention.
    expect((await viaHttp).body).toEqual(acknowledged.body);
    await mustHold(cluster, new Map([[String(acknowledged.body.clientIntentionId), String(acknowledged.body.id)]]));
  });

  it('A cluster of three shows, refuses and confirms nothing that an owner which was replaced unawares holds to be so', async () => {
    const cluster = new TestCluster(1);
    const replaced = await serveMember(cluster, 'a');
    await cluster.ready(replaced);
    await call(replaced, 'PUT', '/v1/instruments/S1', listing);
    const other = await serveMember(cluster, 'b');
    replaced.connection.cut(true);
    await cluster.time.passUntil(() => expect(cluster.servedBy(other)).toEqual([0]));
    await call(other, 'PUT', '/v1/instruments/S1', { ...listing, maxPrice: '50.00' });
    await call(other, 'PUT', '/v1/instruments/S2', listing);
    await call(other, 'POST', '/v1/intentions', post('S1'));
    expect(cluster.servedBy(replaced)).toEqual([0]);

    const look = async (path: string): Promise<HttpAnswer> => {
      const answer = await call(replaced, 'GET', path);
      return answer.status === 503 ? look(path) : answer;
    };
    const asked = [
      look('/v1/book/S1?depth=5'),
      look('/v1/instruments/S1'),
      look('/v1/instruments'),
      call(replaced, 'POST', '/v1/intentions', post('S2')),
      call(replaced, 'PUT', '/v1/instruments/S1', listing),
    ];
    replaced.connection.cut(false);
    await cluster.time.passUntil(() => expect(replaced.member.ownerOf(0)?.memberId).toBe('b'));
    const [book, instrument, instruments, posted, listed] = await Promise.all(asked);
    expect(book?.body).toMatchObject({ bids: [{ price: '10.00', quantity: '5' }] });
    expect(instrument?.body).toMatchObject({ maxPrice: '50.00' });
    expect(instruments?.body.instruments).toMatchObject([{ symbol: 'S1', maxPrice: '50.00' }, { symbol: 'S2' }]);
    expect(posted?.status).toBe(201);
    expect(listed?.body).toEqual((await call(other, 'GET', '/v1/instruments/S1')).body);
  });

  it('A cluster of three says that the outcome of a change without an id is unknown when its owner fails amid it, and does not send it again', async () => {
    const cluster = new TestCluster(1);
    const log = GatedLog.onto(cluster.logOf(0));
    const owner = await serveMember(cluster, 'a', { logOf: () => log });
    await cluster.ready(owner);
    const other = await serveMember(cluster, 'b');
    await cluster.ready(owner, other);
    await call(other, 'PUT', `/v1/instruments/S1`, listing);
    const { id } = (await call(other, 'POST', '/v1/intentions', post('S1'))).body;
    log.hold();
    const change = call(other, 'PATCH', `/v1/intentions/${String(id)}`, { reduceBy: '1' });
    await expect.poll(() => log.heldUp).toBe(1);
    const { forwarded } = other.exchange.cluster;
    await owner.kill();
    const answer: HttpAnswer = await change;
    expect([answer.status, answer.body.code]).toEqual([503, 'SHARD_UNAVAILABLE']);
    expect(answer.body.detail).toContain('whether this was carried out is unknown');
    await cluster.time.passUntil(() => expect(cluster.servedBy(other)).toEqual([0]));
    expect(other.exchange.cluster.forwarded).toBe(forwarded);
    expect((await call(other, 'PATCH', `/v1/intentions/${String(id)}`, { reduceBy: '1' })).status).toBe(200);
    log.letGo();
  });

  it('A cluster of three finds intentions by their clients’ ids, and withdraws many, in whatever shards they are', async () => {
    const { members } = await scene();
    const [member, ...others] = members;
    for (const symbol of symbols) {
      const own = { ...post(symbol), clientIntentionId: `own-${symbol}` };
      await call(member, 'POST', '/v1/intentions', own);
      await call(member, 'POST', '/v1/intentions', { ...own, clientIntentionId: 'shared' });
    }
    const { participant } = post('S1');
    const [first = '', ...rest] = symbols;
    const change = { quantity: '3', clientCommandId: 'c-1' };
    for (const each of others) {
      const alone = `/v1/intentions/by-client-id/own-${first}?participant=${participant}`;
      expect((await call(each, 'PATCH', alone, change)).body).toMatchObject({ status: 'open', open: '3' });
      const several = `/v1/intentions/by-client-id/shared?participant=${participant}`;
      expect((await call(each, 'DELETE', several)).body).toMatchObject({ code: 'INVALID_COMMAND' });
      const named = await call(each, 'DELETE', `${several}&instrument=${first}`);
      expect(named.body).toMatchObject({ status: 'withdrawn' });
    }
    expect((await call(member, 'DELETE', `/v1/intentions?instrument=${first}`)).body).toMatchObject({ withdrawn: 1 });
    const all = (await call(member, 'DELETE', '/v1/intentions?side=buy')).body as unknown as {
      readonly withdrawn: number;
      readonly intentions: readonly { readonly clientIntentionId: string }[];
      readonly positionByShard: object;
    }; // what the route answers
    expect(all.withdrawn).toBe(2 * rest.length);
    expect(all.intentions.map(({ clientIntentionId }) => clientIntentionId).sort()).toEqual(
      [...rest.map((symbol) => `own-${symbol}`), ...rest.map(() => 'shared')].sort(),
    );
    expect(Object.keys(all.positionByShard)).toEqual(['0', '1', '2']);
  });

  it('A cluster of three withdraws in whatever shards when a WebSocket ends that asked for it, and says why', async () => {
    const { cluster, members } = await scene();
    const program = await SocketProgram.open(members[1].url);
    const asked = { id: 'on', withdrawOnDisconnect: { participant: 'alice' } };
    program.send(asked, ...symbols.map((symbol, id) => ({ id, command: post(symbol) })));
    expect((await program.take(1 + SHARDS)).every(({ status }) => (status ?? 0) < 300)).toBe(true);
    program.ws.terminate();
    const reasons = async (): Promise<unknown[]> => {
      const events = (await Promise.all(cluster.logs.map((log) => eventsIn(log)))).flat();
      return events.flatMap(({ event }) => (event.type === 'IntentionWithdrawn' ? [event.reason] : []));
    };
    await expect.poll(reasons).toEqual(symbols.map(() => 'disconnected'));
  });

  it('A cluster of three refuses what waits too long for an owner, and says that nothing was carried out', async () => {
    const cluster = new TestCluster(1);
    const alone = await serveMember(cluster, 'a', { waitMs: 300 });
    alone.refuseToOpen = new Error('the broker is away');
    await cluster.time.passUntil(() => expect(alone.member.trouble()).toContain('the broker is away'));
    const answer = await call(alone, 'POST', '/v1/intentions', post('S1'));
    expect([answer.status, answer.body.code]).toEqual([503, 'SHARD_UNAVAILABLE']);
    expect(answer.body.detail).toContain('nothing was carried out');
    const notReady = await call(alone, 'GET', '/health/ready');
    expect([notReady.status, notReady.body.code]).toEqual([503, 'UNAVAILABLE']);
    alone.refuseToOpen = undefined;
    await cluster.time.passUntil(() => expect(alone.member.trouble()).toBeUndefined());
    await expect.poll(async () => (await call(alone, 'GET', '/health/ready')).status).toBe(200);
  });
});
