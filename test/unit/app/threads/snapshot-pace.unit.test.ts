import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SnapshotPace } from '../../../../src/app/threads/snapshot-pace.js';
import { runs } from '../../../support/property/runs.js';

describe('when a snapshot is due', () => {
  it('A snapshot is due once so many events came as were asked for, whatever a replay would take', () => {
    const pace = new SnapshotPace(50);
    expect(pace.isDue(49, 0)).toBe(false);
    expect(pace.isDue(50, 0)).toBe(true);
    pace.made({ events: 1_000_000, replayMs: 10_000, ms: 0 }, 0);
    expect(pace.isDue(50, 0)).toBe(true);
  });

  it('A snapshot is due once a replay would take two seconds, as fast as the last one was', () => {
    const pace = new SnapshotPace(undefined);
    expect(pace.isDue(999_999, 0)).toBe(false);
    expect(pace.isDue(1_000_000, 0)).toBe(true);
    pace.made({ events: 2_000_000, replayMs: 1_000, ms: 0 }, 0);
    expect(pace.isDue(3_999_999, 0)).toBe(false);
    expect(pace.isDue(4_000_000, 0)).toBe(true);
    pace.made({ events: 300_000, replayMs: 1_500, ms: 0 }, 0);
    expect(pace.isDue(400_000, 0)).toBe(true);
  });

  it('A snapshot of few events says nothing about how fast a replay is', () => {
    const pace = new SnapshotPace(undefined);
    pace.made({ events: 10, replayMs: 500, ms: 0 }, 0);
    expect(pace.isDue(999_999, 0)).toBe(false);
    expect(pace.isDue(1_000_000, 0)).toBe(true);
  });

  it('Snapshots are made a fifth of the time at most, however fast the log grows', () => {
    const makings = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 60_000 }), idleMs: fc.nat(1_000) }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(makings, fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined }), (all, everyEvents) => {
        const pace = new SnapshotPace(everyEvents);
        let [nowMs, madeMs] = [0, 0];
        for (const { ms, idleMs } of all) {
          nowMs += idleMs;
          if (!pace.isDue(1e9, nowMs)) continue;
          nowMs += ms;
          madeMs += ms;
          pace.made({ events: 1e6, replayMs: ms, ms }, nowMs);
        }
        while (!pace.isDue(1e9, nowMs)) nowMs++;
        expect(madeMs).toBeLessThanOrEqual(nowMs / 5);
      }),
      runs(200),
    );
  });
});
