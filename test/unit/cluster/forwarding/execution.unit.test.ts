import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { execute, type LocalShards } from '../../../../src/cluster/forwarding/execution.js';
import { Exchange } from '../../../../src/exchange/exchange.js';
import { SilentLog } from '../../../support/log/silent-log.js';

let log: SilentLog;
let exchange: Exchange;
let local: LocalShards;
beforeEach(async () => {
  log = new SilentLog();
  exchange = await Exchange.open(log, { readMs: 1 });
  onTestFinished(async () => {
    log.speak();
    await exchange.close();
  });
  await exchange.list({ symbol: 'ACME', tickSize: '1', lotSize: '1' });
  local = { shards: 1, local: () => exchange };
});

const reads = [
  { verb: 'book', command: { instrument: 'ACME', depth: 1 } },
  { verb: 'instrument', command: { instrument: 'ACME' } },
  { verb: 'instruments', command: { shard: 0 } },
] as const;

it('A member answers the reads of others as of a position', async () => {
  const position = await log.head();
  expect(await execute(local, reads)).toMatchObject([
    { ok: true, view: { instrument: 'ACME', position } },
    { ok: true, view: { symbol: 'ACME' } },
    { ok: true, views: [{ symbol: 'ACME' }], position },
  ]);
});

it('A member refuses reads that would show what is not durable, and disturbs nothing that came with them', async () => {
  log.fallSilent();
  const bad = { verb: 'withdraw', command: { id: 'x' } } as const;
  const terms = { participant: 'alice', instrument: 'ACME', side: 'buy', price: '1', quantity: '1' } as const;
  const command = { clientIntentionId: 'c-1', ...terms };
  const posted = execute(local, [{ verb: 'post', command }]);
  await expect.poll(() => log.isAwaited).toBe(true);
  const unavailable = { ok: false, code: 'SHARD_UNAVAILABLE' };
  expect(await execute(local, [...reads, bad])).toMatchObject([
    ...[unavailable, unavailable, unavailable],
    { ok: false, code: 'UNKNOWN_INTENTION' },
  ]);
  log.speak();
  expect(await posted).toMatchObject([{ ok: true }]);
});
