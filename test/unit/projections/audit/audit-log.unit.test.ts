import { describe, expect, it } from 'vitest';
import { auditLog } from '../../../../projections/audit/audit-log.js';
import { MAX_KEPT_PER_CODE } from '../../../../projections/audit/findings.js';
import { digestBefore } from '../../../../src/log/evidence.js';
import { DamagedLogError, LogLostError } from '../../../../src/log/port.js';
import { logOf } from '../../../support/history/history-log.js';
import { Scene } from './scene.js';

describe('auditLog', () => {
  it('`auditLog` reads the whole log, says how far it is, and counts', async () => {
    const scene = new Scene();
    const [seller, buyer] = scene.pair();
    scene.deal(seller, buyer, 1020, 10);
    scene.seal();
    scene.sell(1020, 5);
    const seen: number[] = [];
    const report = await auditLog(logOf(scene), { onProgress: (position) => seen.push(position) });
    expect(report).toMatchObject({ isDamaged: false, violationCount: 0, batchCount: 2, eventCount: 14 });
    expect(report).toMatchObject({ intentionCount: 3, confirmedDealCount: 1 });
    expect(scene.eventAt(scene.last)).toMatchObject({ digest: report.digest });
    expect(seen).toEqual([12, 14]);
  });

  it('`auditLog` turns damage into a finding with its place', async () => {
    const scene = new Scene();
    const place = { file: 'shard-3/0001.log', byte: 4096, frame: 2 };
    const report = await auditLog(logOf(scene, new DamagedLogError('checksum differs', place)));
    expect(report.isDamaged).toBe(true);
    expect(report.findings).toEqual([
      expect.objectContaining({ code: 'LOG_DAMAGED', severity: 'violation', position: scene.head }),
    ]);
    expect(report.findings[0]?.message).toContain('shard-3/0001.log: frame 2 at byte 4096');
  });

  it('`auditLog` lets other failures of the log pass', async () => {
    await expect(auditLog(logOf(new Scene(), new Error('disk gone')))).rejects.toThrow('disk gone');
  });

  it('`auditLog` keeps a bounded number of findings of one code, and counts the rest', async () => {
    const scene = new Scene();
    for (let count = 0; count < MAX_KEPT_PER_CODE + 20; count++) scene.withdraw(999);
    const report = await auditLog(logOf(scene));
    expect(report.findings).toHaveLength(MAX_KEPT_PER_CODE);
    expect(report.countByCode.get('UNKNOWN_INTENTION')).toBe(MAX_KEPT_PER_CODE + 20);
    expect(report.violationCount).toBe(MAX_KEPT_PER_CODE + 20);
  });
});

describe('what a log is held against', () => {
  const scene = new Scene();
  scene.seal();
  const first = scene.head;
  scene.sell(1020, 5);
  scene.seal();
  const second = scene.head;
  scene.buy(1000, 5);
  scene.seal();
  const { head } = scene;
  const digestAt = async (position: number): Promise<string> => digestBefore(logOf(scene), position);

  it('What a log is held against is silent where the log holds it', async () => {
    const anchors = await Promise.all(
      [first, second, head].map(async (position) => ({ position, digest: await digestAt(position), source: 's' })),
    );
    const report = await auditLog(logOf(scene), { anchors, head });
    expect(report).toMatchObject({ violationCount: 0, notJudged: [] });
  });

  it('What a log is held against is a note where it only tells of a repair', async () => {
    const repairs = [{ position: second, message: 'a repair removed something' }];
    const report = await auditLog(logOf(scene), { repairs });
    expect(report).toMatchObject({ violationCount: 0, noteCount: 1, isDamaged: false });
    expect(report.findings).toEqual([
      { code: 'LOG_REPAIRED', severity: 'note', position: second, message: 'a repair removed something' },
    ]);
  });

  it('What a log is held against is a violation where the log ends before it, has no batch that ends there, or another digest', async () => {
    const digest = await digestAt(first);
    for (const [position, says] of [
      [head + 1, `the log ends before position ${head}`],
      [first + 1, 'no batch ends there'],
      [second, 'the batch that ends there has the digest'],
    ] as const) {
      const { findings } = await auditLog(logOf(scene), { anchors: [{ position, digest, source: 'me' }] });
      const message = expect.stringMatching(new RegExp(`of me is not held: ${says}`)) as string;
      expect(findings).toContainEqual(
        expect.objectContaining({ code: 'ANCHOR_NOT_HELD', severity: 'violation', position, message }),
      );
    }
  });

  it('What a log is held against is not judged where it lies behind damage', async () => {
    const place = { file: 'f', byte: 0, frame: 0 };
    const anchors = [{ position: head + 1, digest: 'ab', source: 'me' }];
    const report = await auditLog(logOf(scene, new DamagedLogError('checksum differs', place)), { anchors });
    expect(report.notJudged).toEqual([expect.stringContaining('lies behind what can be read')]);
    expect(report.findings.map(({ code }) => code)).toEqual(['LOG_DAMAGED']);
  });

  it('What a log is held against finds LOG_LOST where something beside it knows more, where it cannot be read to its end, and where the log says so', async () => {
    const lost = [{ position: head + 9, message: 'the store knows more' }];
    expect((await auditLog(logOf(scene), { lost })).findings).toMatchObject([
      { code: 'LOG_LOST', severity: 'violation', position: head + 9 },
    ]);
    expect((await auditLog(logOf(scene), { head: head + 1 })).findings).toMatchObject([{ code: 'LOG_LOST' }]);
    const gone = await auditLog(logOf(scene, new LogLostError('its front is gone')));
    expect(gone).toMatchObject({ isDamaged: true, findings: [{ code: 'LOG_LOST', message: 'its front is gone' }] });
  });
});
