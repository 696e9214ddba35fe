import { setImmediate as settled } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DurableLog, HighWatermark } from '../../../../src/app/threads/durable-log.js';
import { Sealer } from '../../../support/log/batches.js';
import { MemoryLog } from '../../../support/log/memory-log.js';

async function logOf(batches: number): Promise<MemoryLog> {
  const log = new MemoryLog();
  const writer = await log.open();
  const sealer = new Sealer();
  for (let count = 0; count < batches; count++) await writer.append(sealer.sealSome(4));
  return log;
}

describe('DurableLog', () => {
  it('DurableLog shows what is durable and nothing else', async () => {
    const log = new DurableLog(await logOf(3), new HighWatermark(10));
    const seen: number[] = [];
    for await (const { firstPosition } of log.read(0)) seen.push(firstPosition);
    expect(seen).toEqual([0, 5]);
    expect(await log.head()).toBe(10);
  });

  it('DurableLog lets a follower go on as far as the mark goes', async () => {
    const mark = new HighWatermark(5);
    const log = new DurableLog(await logOf(3), mark);
    const ending = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const { firstPosition } of log.follow(0, ending.signal)) seen.push(firstPosition);
    })();
    // What comes of a log in memory has come by the next round of the event loop.
    await settled();
    expect(seen).toEqual([0]);
    mark.advance(14);
    await settled();
    expect(seen).toEqual([0, 5]);
    mark.advance(15);
    await settled();
    expect(seen).toEqual([0, 5, 10]);
    ending.abort();
    await following;
  });

  it('DurableLog releases a follower that waits when it is ended', async () => {
    const ending = new AbortController();
    const log = new DurableLog(await logOf(1), new HighWatermark(0));
    const following = (async () => {
      for await (const batch of log.follow(0, ending.signal)) expect(batch).toBeUndefined();
    })();
    await settled();
    ending.abort();
    await following;
  });
});
