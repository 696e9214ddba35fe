import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PostIntention } from '../../../src/exchange/commands.js';
import { SnapshotStore } from '../../../src/exchange/snapshots/snapshots.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { acme, eventsIn, ExchangeHarness } from '../../support/reference/exchange-harness.js';

const first: PostIntention = {
  clientIntentionId: 'a-1',
  participant: 'alice',
  instrument: 'ACME',
  side: 'sell',
  price: '5.00',
  quantity: '50',
};
const others: readonly PostIntention[] = [
  { ...first, clientIntentionId: 'a-2', postOnly: true },
  { ...first, clientIntentionId: 'a-3', timeInForce: 'gtd', expiresAt: '2030-01-02T03:04:05.678Z' },
  {
    ...first,
    clientIntentionId: 'b-1',
    participant: 'bob',
    side: 'buy',
    price: undefined,
    type: 'market',
    quantity: '20',
  },
  { ...first, clientIntentionId: 'b-2', participant: 'bob', side: 'buy', timeInForce: 'fok', quantity: '99990' },
  // The same client id of another participant is another one.
  { ...first, clientIntentionId: 'a-1', participant: 'bob', price: '7.00' },
];

describe('a post that is repeated', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(folder);
  });

  async function opened(): Promise<ExchangeHarness> {
    const harness = await ExchangeHarness.open();
    await harness.play({ kind: 'list', listing: acme });
    return harness;
  }

  it('A post that is repeated is one intention, and its second answer equals the first', async () => {
    const harness = await opened();
    for (const command of [first, ...others]) {
      const answer = await harness.exchange.post(command);
      expect(answer).toMatchObject({ ok: true });
      const { head } = harness.shard;
      expect(await harness.exchange.post(command)).toEqual(answer);
      expect(harness.shard.head).toBe(head);
    }
    expect(harness.market.intentionsPosted).toBe(6);
  });

  it('A post that is repeated gets the first answer however the same numbers are written', async () => {
    const harness = await opened();
    const answer = await harness.exchange.post({ ...first, type: 'limit', timeInForce: 'gtc', postOnly: false });
    expect(await harness.exchange.post({ ...first, price: '5', quantity: '50.0' })).toEqual(answer);
    expect(answer).toMatchObject({ price: '5.00', quantity: '50', position: 5 });
  });

  it('A post that is repeated is answered though it would be refused now', async () => {
    const harness = await opened();
    const answers = await harness.exchange.postAll([first, ...others]);
    await harness.play({ kind: 'list', listing: { ...acme, minTicks: 900 } });
    await harness.play({ kind: 'phase', instrument: 'ACME', phase: 'call' });
    harness.advance(10 ** 12);
    expect(await harness.exchange.postAll([first, ...others])).toEqual(answers);
  });

  it('A post that is repeated is refused where its validUntil is no time', async () => {
    const harness = await opened();
    await harness.exchange.post(first);
    expect(await harness.exchange.post({ ...first, validUntil: '' })).toMatchObject({ code: 'INVALID_COMMAND' });
  });

  it('A post that is repeated is answered among others of one batch, also within it', async () => {
    const harness = await opened();
    const answers = await harness.exchange.postAll([first, first, { ...first, quantity: '60' }, first]);
    expect(answers).toMatchObject([{ id: '1' }, { id: '1' }, { code: 'CLIENT_ID_REUSED' }, { id: '1' }]);
  });

  it('A post that is repeated is refused with other content, and the first one stands', async () => {
    const harness = await opened();
    const answer = await harness.exchange.post(first);
    expect(await harness.exchange.post({ ...first, price: '5.05' })).toMatchObject({ code: 'CLIENT_ID_REUSED' });
    expect(await harness.exchange.post(first)).toEqual(answer);
  });

  it('A post that is repeated is known after a restart, from the log alone and from a snapshot, before and after it', async () => {
    const log = new MemoryLog();
    const before = await ExchangeHarness.open(log);
    await before.play({ kind: 'list', listing: acme });
    const answers = [...(await before.exchange.postAll([first, ...others.slice(0, 2)]))];
    await new SnapshotStore(folder).make(log);
    answers.push(...(await before.exchange.postAll(others.slice(2))));
    await before.close();

    for (const snapshots of [undefined, new SnapshotStore(folder)]) {
      const after = await ExchangeHarness.open(log, snapshots === undefined ? {} : { snapshots });
      const { head } = after.shard;
      expect(await after.exchange.postAll([first, ...others])).toEqual(answers);
      expect(await after.exchange.post({ ...first, quantity: '60' })).toMatchObject({ code: 'CLIENT_ID_REUSED' });
      expect(after.shard.head).toBe(head);
      await after.close();
    }
    const posted = (await eventsIn(log)).filter(({ event }) => event.type === 'IntentionPosted');
    expect(posted).toHaveLength(6);
  });

  it('A post that is repeated whose first answer never came is one intention all the same, once the log has been opened again', async () => {
    const stored = { outcome: 'unknown', stored: true } as const;
    const log = new MemoryLog({ plan: (batches) => (batches === 2 ? stored : undefined) });
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    expect(await harness.exchange.post(first)).toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
    await harness.close();
    const again = await ExchangeHarness.open(log.again({}));
    expect(await again.exchange.post(first)).toMatchObject({ ok: true, id: '1', position: 5 });
    expect(again.market.intentionsPosted).toBe(1);
  });

  it('A post that is repeated whose first answer never came, and which is not in the log, is posted now', async () => {
    const lost = { outcome: 'unknown', stored: false } as const;
    const log = new MemoryLog({ plan: (batches) => (batches === 2 ? lost : undefined) });
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    expect(await harness.exchange.post(first)).toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
    await harness.close();
    const again = await ExchangeHarness.open(log.again({}));
    expect(again.market.intentionsPosted).toBe(0);
    expect(await again.exchange.post(first)).toMatchObject({ ok: true, id: '1' });
  });
});
