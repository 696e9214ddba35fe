import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SnapshotStore } from '../../../src/exchange/snapshots/snapshots.js';
import { stateDigest } from '../../../src/exchange/recovery/state-digest.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { expectAuditFinds, expectReplayGives } from '../../support/reference/checks.js';
import { acme, eventsIn, ExchangeHarness, OPENING_MS } from '../../support/reference/exchange-harness.js';
import { post } from '../../support/reference/steps-of.js';

let log: MemoryLog;
let harness: ExchangeHarness;

beforeEach(async () => {
  log = new MemoryLog();
  harness = await ExchangeHarness.open(log);
  await harness.play({ kind: 'list', listing: acme });
  await harness.play(post('alice', 'sell', 100, 10, { clientId: 'a-1' }));
  await harness.play(post('bob', 'sell', 100, 10));
});
afterEach(async () => {
  await harness.exchange.log.flushed();
  await expectReplayGives(harness.market, log);
  await expectAuditFinds(log);
  await harness.close();
});

async function lastEvent(): Promise<string | undefined> {
  await harness.exchange.log.flushed();
  return (await eventsIn(log)).map(({ event }) => event.type).findLast((type) => type !== 'BatchSealed');
}

/** Who is asked first at the best price. */
async function firstInPlace(): Promise<string> {
  const answer = await harness.exchange.post({
    ...{ clientIntentionId: `probe-${harness.shard.head}`, participant: 'carol', instrument: 'ACME', side: 'buy' },
    ...{ type: 'market', quantity: '10' },
  });
  return answer.ok ? (answer.deals[0]?.id.split('-')[0] ?? '') : answer.code;
}

describe('a change of an intention', () => {
  it('A change of the price alone keeps what is open, and loses its place', async () => {
    const answer = await harness.exchange.replace({ id: '1', price: '5.00' });
    expect(answer).toMatchObject({ ok: true, status: 'open', open: '100', filled: '0' });
    expect(await firstInPlace()).toBe('2');
  });

  it('A change to a smaller quantity alone keeps its place', async () => {
    expect(await harness.exchange.replace({ id: '1', quantity: '40' })).toMatchObject({ ok: true, open: '40' });
    expect(await lastEvent()).toBe('IntentionReduced');
    expect(await firstInPlace()).toBe('1');
  });

  it('A change to a larger quantity alone loses its place', async () => {
    expect(await harness.exchange.replace({ id: '1', quantity: '140' })).toMatchObject({ ok: true, open: '140' });
    expect(await lastEvent()).toBe('IntentionAmended');
    expect(await firstInPlace()).toBe('2');
  });

  it('A change to the quantity that is open changes nothing, and records nothing', async () => {
    await harness.exchange.log.flushed();
    const { head: position } = harness.shard;
    const answer = await harness.exchange.replace({ id: '1', quantity: '100' });
    expect(answer).toMatchObject({ ok: true, open: '100', position });
    expect(harness.shard.head).toBe(position);
  });

  it('A change of what its client’s id names is that of the participant’s own intention', async () => {
    const about = { clientIntentionId: 'a-1', participant: 'alice' };
    expect(await harness.exchange.reduce({ ...about, by: '10' })).toMatchObject({ id: '1', open: '90' });
    expect(await harness.exchange.withdraw({ ...about, participant: 'bob' })).toMatchObject({
      code: 'UNKNOWN_INTENTION',
    });
    expect(await harness.exchange.withdraw({ ...about, instrument: 'ACME' })).toMatchObject({
      id: '1',
      status: 'withdrawn',
    });
  });

  it('A change that is valid until now is done, and later it is not', async () => {
    const validUntil = new Date(OPENING_MS).toISOString();
    expect(await harness.exchange.reduce({ id: '1', by: '10', validUntil })).toMatchObject({ ok: true, open: '90' });
    harness.advance(1);
    const { head } = harness.shard;
    expect(await harness.exchange.reduce({ id: '1', by: '10', validUntil })).toMatchObject({ code: 'TOO_LATE' });
    expect(harness.shard.head).toBe(head);
  });
});

describe('a post that is valid until some time', () => {
  it('A post that is valid until some time is answered later as it was, and refused later where it was not taken', async () => {
    const terms = { participant: 'carol', instrument: 'ACME', side: 'buy', price: '1.00', quantity: '10' } as const;
    const taken = { ...terms, clientIntentionId: 'v-1', validUntil: new Date(OPENING_MS).toISOString() };
    const answer = await harness.exchange.post(taken);
    expect(answer).toMatchObject({ ok: true });
    harness.advance(1);
    expect(await harness.exchange.post(taken)).toEqual(answer);
    expect(await harness.exchange.post({ ...taken, validUntil: '2020-01-01T00:00:00Z' })).toEqual(answer);
    expect(await harness.exchange.post({ ...taken, clientIntentionId: 'v-2' })).toMatchObject({ code: 'TOO_LATE' });
  });
});

describe('a command with an id of its client', () => {
  const again = async (restart: () => Promise<void> = () => Promise.resolve()): Promise<void> => {
    const command = { id: '1', by: '10', clientCommandId: 'r-1' };
    const first = await harness.exchange.reduce(command);
    expect(first).toMatchObject({ ok: true, open: '90' });
    await harness.exchange.replace({ id: '1', price: '5.05', clientCommandId: 'r-2' });
    await restart();
    const { head } = harness.shard;
    expect(await harness.exchange.reduce(command)).toEqual(first);
    expect(await harness.exchange.reduce({ ...command, validUntil: 'soon' })).toMatchObject({
      code: 'INVALID_COMMAND',
    });
    expect(await harness.exchange.replace({ id: '1', price: '5.05', clientCommandId: 'r-2' })).toMatchObject({
      open: '90',
    });
    expect(harness.shard.head).toBe(head);
  };

  it('A command with an id of its client is done once, and answered with the position of the first', () => again());

  it('A command with an id of its client is known after a restart', () =>
    again(async () => {
      await harness.close();
      harness = await ExchangeHarness.open(log);
    }));

  it('A command with an id of its client is known from a snapshot, with the same digest', async () => {
    const folder = temporaryFolder();
    try {
      await again(async () => {
        const store = new SnapshotStore(folder);
        await harness.exchange.log.flushed();
        const digest = stateDigest(harness.market);
        await harness.close();
        await store.make(log);
        const taken = (await store.newest(await log.head(), log))?.state.market;
        expect(taken && stateDigest(taken)).toBe(digest);
        harness = await ExchangeHarness.open(log, { snapshots: store });
      });
    } finally {
      removeFolder(folder);
    }
  });

  it('A command with an id of its client is done once although it asked for what was', async () => {
    const command = { id: '1', quantity: '100', clientCommandId: 'q-1' };
    await harness.exchange.replace(command);
    await harness.play(post('carol', 'buy', 100, 4));
    expect(await harness.exchange.replace(command)).toMatchObject({ ok: true, open: '60', filled: '40' });
  });

  it('A command with an id of its client is known of the last sixteen, and taken for a new one after that', async () => {
    for (let index = 0; index < 17; index++) {
      await harness.exchange.replace({
        id: '1',
        price: `5.${index % 2 === 0 ? '05' : '10'}`,
        clientCommandId: `p-${index}`,
      });
    }
    const { head } = harness.shard;
    await harness.exchange.replace({ id: '1', price: '5.10', clientCommandId: 'p-1' });
    expect(harness.shard.head).toBe(head);
    await harness.exchange.replace({ id: '1', price: '5.05', clientCommandId: 'p-0' });
    expect(harness.shard.head).toBeGreaterThan(head);
  });

  it.each([
    ['filled its intention', { id: '1', price: '4.00', clientCommandId: 'last' }],
    ['reduced it to nothing', { id: '1', by: '100', clientCommandId: 'last' }],
  ])(
    'A command with an id of its client that %s is known to have been done, after a restart too',
    async (_what, command) => {
      await harness.play(post('carol', 'buy', 90, 10));
      const send = () => ('by' in command ? harness.exchange.reduce(command) : harness.exchange.replace(command));
      const first = await send();
      const donePosition = first.ok ? first.position : Number.NaN;
      expect(await send()).toMatchObject({ code: 'INTENTION_CLOSED', donePosition });
      await harness.close();
      harness = await ExchangeHarness.open(log);
      expect(await send()).toMatchObject({ code: 'INTENTION_CLOSED', donePosition });
      const other = 'by' in command ? { ...command, clientCommandId: 'other' } : { id: '1', by: '10' };
      expect(await harness.exchange.reduce(other)).not.toHaveProperty('donePosition');
    },
  );
});
