/** The part of the log contract about troubles: outcomes that nobody knows, batches cut short, and the end of what keeps the log. */
import { describe, expect, it } from 'vitest';
import { asRead, collect, Sealer, wordy } from '../support/log/batches.js';
import { type LogTrial, orSkip } from './log-trial.js';

export function describeTroubles(trial: () => LogTrial): void {
  describe('troubles', () => {
    it.for([true, false])(
      'A log tells no untruth of an append whose outcome is unclear, and goes on once reopened (stored: %s)',
      async (stored, context) => {
        const { log, medium } = trial();
        const failNext = orSkip(context, medium.failNext);
        const sealer = new Sealer();
        const writer = await trial().open();
        const before = await trial().append(writer, sealer, 2);
        const batch = sealer.sealSome(3);
        failNext(stored);
        const outcome = await writer.append(batch);
        expect(outcome === 'unknown').toBe(writer.failure !== undefined);
        const next = await trial().open(medium.instance(true));
        const isThere = next.head === sealer.position;
        expect(isThere).toBe(outcome === 'appended' || (outcome === 'unknown' && stored));
        if (!isThere) expect(next.head).toBe(batch.firstPosition);
        sealer.position = next.head;
        const after = await trial().append(next, sealer, 1, 2);
        const between = isThere ? [asRead(batch)] : [];
        expect(await collect(log.read(0))).toEqual([...before, ...between, ...after]);
      },
    );

    it('A log appends nothing more after an outcome that is unknown', async (context) => {
      const { log, medium } = trial();
      const failNext = orSkip(context, medium.failNext);
      const sealer = new Sealer();
      const writer = await trial().open();
      const before = await trial().append(writer, sealer, 2);
      failNext(false);
      const batch = sealer.sealSome(3);
      const outcome = await writer.append(batch);
      if (outcome !== 'unknown') return context.skip('the adapter found out the outcome of the append');
      expect(await writer.append(batch)).toBe('unknown');
      expect(await collect(log.read(0))).toEqual(before);
    });

    it('A log appends a large batch whole or not at all, also when its outcome is unclear', async (context) => {
      const { medium } = trial();
      const failNext = orSkip(context, medium.failNext);
      const sealer = new Sealer(0, wordy);
      const writer = await trial().open();
      const before = await trial().append(writer, sealer, 2);
      const batch = sealer.sealSome(1_000);
      failNext(false);
      const outcome = await writer.append(batch);
      const isThere = outcome === 'appended';
      const reader = medium.instance(false);
      expect(await collect(reader.read(0))).toEqual(isThere ? [...before, asRead(batch)] : before);
      const next = await trial().open(medium.instance(true));
      expect(next.head).toBe(isThere ? sealer.position : batch.firstPosition);
    });

    it('A log has everything when what keeps it has been ended and started again', async (context) => {
      const restart = orSkip(context, trial().medium.restart);
      const sealer = new Sealer();
      const writer = await trial().open();
      const before = await trial().append(writer, sealer, 3, 1, 400);
      await restart();
      const again = trial().medium.instance(true);
      expect(await collect(again.read(0))).toEqual(before);
      const next = await trial().open(again);
      expect(next.epoch).toBe(2);
      expect(next.head).toBe(sealer.position);
      const after = await trial().append(next, sealer, 2);
      expect(await collect(again.read(0))).toEqual([...before, ...after]);
    });
  });
}
