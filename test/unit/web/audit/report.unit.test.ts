import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../projections/audit/findings.js';
import { groupsOf, reportJson, verdictOf, verdictWords } from '../../../../src/web/audit/report.js';

const finding = (code: Finding['code'], position: number, severity: Finding['severity'] = 'violation'): Finding => ({
  ...{ code, position, severity, message: `at ${position}` },
});

const audited = {
  ...{ shard: 0, eventCount: 10, batchCount: 3, intentionCount: 2, confirmedDealCount: 1, digest: 'ab'.repeat(32) },
  ...{ violationCount: 0, noteCount: 0, isDamaged: false, notJudged: [], findings: [], countByCode: new Map() },
};

describe('the report of an audit in the browser', () => {
  it('The report of an audit in the browser says that all is well only of a log that was read whole and breaks no rule', () => {
    expect(verdictOf(audited)).toBe('well');
    expect(verdictOf({ ...audited, noteCount: 2 })).toBe('well');
    expect(verdictOf({ ...audited, violationCount: 1 })).toBe('violated');
    expect(verdictOf({ ...audited, violationCount: 1, isDamaged: true })).toBe('damaged');
    expect(verdictOf({ ...audited, eventCount: 0 })).toBe('empty');
  });

  it('The report of an audit in the browser has findings by code, violations first, and how many were only counted', () => {
    const findings = [
      finding('DEAL_IN_DOUBT', 1, 'note'),
      finding('REVISION_GAP', 4),
      finding('UNKNOWN_DEAL', 5),
      finding('REVISION_GAP', 6),
    ];
    const groups = groupsOf({ findings, countByCode: new Map([['REVISION_GAP', 250]]) });
    expect(groups.map(({ code, count }) => [code, count])).toEqual([
      ['REVISION_GAP', 250],
      ['UNKNOWN_DEAL', 1],
      ['DEAL_IN_DOUBT', 1],
    ]);
    expect(groups[0]?.findings.map(({ position }) => position)).toEqual([4, 6]);
  });

  it('The report of an audit in the browser has, as JSON, all findings, and says whose log it was', () => {
    const findings = [finding('REVISION_GAP', 4)];
    const whole = { ...audited, findings, violationCount: 1, countByCode: new Map([['REVISION_GAP', 1]] as const) };
    const report = JSON.parse(JSON.stringify(reportJson(whole, { from: 'http://x', auditedAt: 'now' }))) as unknown;
    expect(report).toMatchObject({
      ...{
        kind: 'audit',
        from: 'http://x',
        auditedAt: 'now',
        result: verdictWords.violated,
        events: 10,
        violations: 1,
      },
      ...{ countByCode: { REVISION_GAP: 1 }, findings },
    });
  });
});
