import { describe, expect, it } from 'vitest';
import { auditLog } from '../../../projections/audit/audit-log.js';
import { MAX_KEPT_PER_CODE } from '../../../projections/audit/findings.js';
import { DamagedLogError } from '../../../src/log/port.js';
import { logOf } from '../../support/history/history-log.js';
import { Scene } from './scene.js';

describe('auditLog', () => {
  it('reads the whole log, says how far it is, and counts', async () => {
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

  it('turns damage into a finding with its place', async () => {
    const scene = new Scene();
    const place = { file: 'shard-3/0001.log', byte: 4096, frame: 2 };
    const report = await auditLog(logOf(scene, new DamagedLogError('checksum differs', place)));
    expect(report.isDamaged).toBe(true);
    expect(report.findings).toEqual([
      expect.objectContaining({ code: 'LOG_DAMAGED', severity: 'violation', position: scene.head }),
    ]);
    expect(report.findings[0]?.message).toContain('shard-3/0001.log: frame 2 at byte 4096');
  });

  it('lets other failures of the log pass', async () => {
    await expect(auditLog(logOf(new Scene(), new Error('disk gone')))).rejects.toThrow('disk gone');
  });

  it('keeps a bounded number of findings of one code, and counts the rest', async () => {
    const scene = new Scene();
    for (let count = 0; count < MAX_KEPT_PER_CODE + 20; count++) scene.withdraw(999);
    const report = await auditLog(logOf(scene));
    expect(report.findings).toHaveLength(MAX_KEPT_PER_CODE);
    expect(report.countByCode.get('UNKNOWN_INTENTION')).toBe(MAX_KEPT_PER_CODE + 20);
    expect(report.violationCount).toBe(MAX_KEPT_PER_CODE + 20);
  });
});
