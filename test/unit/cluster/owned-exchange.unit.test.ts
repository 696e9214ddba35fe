import { expect, it, onTestFinished, vi } from 'vitest';
import { OwnedExchange } from '../../../src/cluster/owned-exchange.js';
import type { PostIntention } from '../../../src/exchange/commands.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { MemoryLog } from '../../support/log/memory-log.js';

let posts = 0;
const post = (instrument: string): PostIntention => ({
  ...{ clientIntentionId: `i-${++posts}`, participant: 'alice', instrument },
  ...{ side: 'buy', price: '10', quantity: '5' },
});

/** One that asks `headOf`, which may be given another answer. */
async function owned() {
  const log = new MemoryLog({ shard: 0 });
  const exchange = await Exchange.open(log);
  onTestFinished(() => exchange.close());
  const headOf = vi.fn(() => log.head());
  const owning = new OwnedExchange(exchange, headOf);
  await owning.list({ symbol: 'ACME', tickSize: '1', lotSize: '1' });
  headOf.mockClear();
  return { log, exchange, headOf, owning };
}

it('An owner asks the log before it shows or refuses anything, and not for what it has appended', async () => {
  const { owning, headOf } = await owned();
  const posted = await owning.post(post('ACME'));
  expect(posted.ok).toBe(true);
  expect((await owning.postAll([post('ACME'), post('ACME')])).map(({ ok }) => ok)).toEqual([true, true]);
  expect(headOf).not.toHaveBeenCalled();
  expect(await owning.post(post('NONE'))).toMatchObject({ code: 'UNKNOWN_INSTRUMENT' });
  expect((await owning.book('ACME', 1))?.bids).toMatchObject([{ quantity: '15' }]);
  expect((await owning.postAll([post('ACME'), post('NONE')])).map(({ ok }) => ok)).toEqual([true, false]);
  expect(headOf).toHaveBeenCalledTimes(3);
});

it('An owner whose log has been written by somebody else shows, refuses and confirms nothing any more', async () => {
  const { owning, headOf, exchange } = await owned();
  headOf.mockResolvedValue(exchange.log.durable + 1_000);
  await expect(owning.book('ACME', 1)).rejects.toThrow(/another member may have the shard/);
  expect(await owning.post(post('NONE'))).toMatchObject({ code: 'SHARD_UNAVAILABLE' });
  const unchanged = await owning.changePhase({ instrument: 'ACME', phase: 'continuous' });
  expect(unchanged).toMatchObject({ code: 'SHARD_UNAVAILABLE' });
  const both = await owning.postAll([post('ACME'), post('NONE')]);
  expect(both).toMatchObject([{ ok: true }, { code: 'SHARD_UNAVAILABLE' }]);
});

it('An owner says that a shard is unavailable while its log does not say how far it is durable', async () => {
  const { owning, headOf } = await owned();
  headOf.mockRejectedValue(new Error('the broker is away'));
  await expect(owning.instrument('ACME')).rejects.toThrow(/the broker is away/);
  expect(await owning.post(post('NONE'))).toMatchObject({ code: 'SHARD_UNAVAILABLE' });
  expect((await owning.post(post('ACME'))).ok).toBe(true);
});

it('An owner waits for its own commit where the log knows of it first, and takes it for nobody else’s', async () => {
  const { owning, headOf, exchange } = await owned();
  headOf.mockImplementation(() => {
    void exchange.post(post('ACME'));
    const head = exchange.shards()[0]?.head ?? 0;
    expect(head).toBeGreaterThan(exchange.log.durable);
    return Promise.resolve(head);
  });
  expect(await owning.instrument('ACME')).toMatchObject({ symbol: 'ACME' });
});
