import { describe, expect, it } from 'vitest';
import type { EventBatch } from '../../../src/events/fold.js';
import { DamagedLogError } from '../../../src/log/port.js';
import { mustBeOneChain } from '../../../src/log/whole-log.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { post } from '../../support/reference/steps-of.js';
import { acme, ExchangeHarness } from '../../support/reference/exchange-harness.js';

async function traded(participant: string): Promise<MemoryLog> {
  const log = new MemoryLog();
  const harness = await ExchangeHarness.open(log);
  await harness.play({ kind: 'list', listing: acme }, 'durable');
  for (let lots = 1; lots <= 5; lots++)
    await harness.play(post(participant, 'sell', 100, lots, { clientId: `${lots}` }), 'durable');
  await harness.close();
  return log;
}

async function batchesOf(log: MemoryLog): Promise<EventBatch[]> {
  const batches: EventBatch[] = [];
  for await (const batch of log.read(0)) batches.push({ ...batch, bytes: batch.bytes.slice() });
  return batches;
}

/** A log that holds these, whatever they are. */
async function chained(batches: readonly EventBatch[]): Promise<void> {
  const last = batches.at(-1);
  const head = (last?.firstPosition ?? 0) + (last?.count ?? 0);
  const read = async function* () {
    yield* batches;
  };
  await mustBeOneChain({ log: { shard: 0, head: async () => head, read }, head });
}

describe('a log that is read as a whole', () => {
  it('A log that is read as a whole is one chain as its writer left it', async () => {
    await expect(chained(await batchesOf(await traded('alice')))).resolves.toBeUndefined();
    await expect(chained([])).resolves.toBeUndefined();
  });

  it('A log that is read as a whole is no chain from any batch on in whose place another log’s stand', async () => {
    const [own, others] = [await batchesOf(await traded('alice')), await batchesOf(await traded('mally'))];
    expect(own.map(({ count }) => count)).toEqual(others.map(({ count }) => count));
    const differs = own.findIndex(({ bytes }, at) => Buffer.compare(bytes, others[at]?.bytes ?? bytes) !== 0);
    for (let at = differs + 1; at < own.length; at++) {
      const spliced = chained([...own.slice(0, at), ...others.slice(at)]);
      await expect(spliced).rejects.toThrow(DamagedLogError);
      await expect(spliced).rejects.toThrow('sealed after others than those before it');
    }
  });

  it('A log that is read as a whole is no chain where a batch is not sealed', async () => {
    const [first, ...rest] = await batchesOf(await traded('alice'));
    const open = first && { ...first, count: first.count - 1, bytes: first.bytes.subarray(0, first.bytes.length - 37) };
    await expect(chained(open === undefined ? [] : [open, ...rest])).rejects.toThrow(DamagedLogError);
  });
});
