import { describe, expect, it } from 'vitest';
import { asRead, collect, Sealer } from '../../../support/log/batches.js';
import { MemoryLog, type PlannedFailure } from '../../../support/log/memory-log.js';

describe('the stand-in for a log', () => {
  it('The stand-in for a log can be cut after any batch, as a crash would cut it', async () => {
    const log = new MemoryLog();
    const writer = await log.open();
    const sealer = new Sealer();
    const sealed = [sealer.sealSome(2), sealer.sealSome(1), sealer.sealSome(4)];
    for (const batch of sealed) await writer.append(batch);
    expect(log.ends).toEqual([3, 5, 10]);
    for (const [position, batches] of [
      [0, 0],
      [2, 0],
      [3, 1],
      [9, 2],
      [10, 3],
    ] as const) {
      const cut = log.truncateTo(position);
      expect(await collect(cut.read(0))).toEqual(sealed.slice(0, batches).map(asRead));
      expect(await (await cut.open()).append(new Sealer(await cut.head()).sealSome(1))).toBe('appended');
    }
    expect(await log.head()).toBe(10);
  });

  it.each<[PlannedFailure, number]>([
    [{ outcome: 'unknown', stored: true }, 2],
    [{ outcome: 'unknown', stored: false }, 1],
    [{ outcome: 'fenced', stored: false }, 1],
  ])(
    'The stand-in for a log fails the append that it is made to fail, and all after it: %o',
    async (failure, batches) => {
      const log = new MemoryLog({ plan: (held) => (held === 1 ? failure : undefined) });
      const writer = await log.open();
      const sealer = new Sealer();
      expect(await writer.append(sealer.sealSome(1))).toBe('appended');
      const batch = sealer.sealSome(1);
      expect(await writer.append(batch)).toBe(failure.outcome);
      expect(await writer.append(batch)).toBe(failure.outcome);
      expect(writer.failure === undefined).toBe(failure.outcome === 'fenced');
      expect(writer.head).toBe(2);
      expect((await collect(log.read(0))).length).toBe(batches);
      expect((await log.again({}).open()).head).toBe(2 * batches);
    },
  );
});
