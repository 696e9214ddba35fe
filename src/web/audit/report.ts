/** What an audit in the browser says, in words and as JSON. */
import type { Finding } from '../../../projections/audit/findings.js';
import type { Audited } from '../workers/log-file/proofs.js';

export type Verdict = 'well' | 'empty' | 'violated' | 'damaged';

export function verdictOf({ isDamaged, violationCount, eventCount }: Audited): Verdict {
  if (isDamaged) return 'damaged';
  if (violationCount > 0) return 'violated';
  return eventCount === 0 ? 'empty' : 'well';
}

/** As `parley audit` says it. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  well: 'All is well',
  empty: 'There is nothing in the log',
  violated: 'The log breaks its rules',
  damaged: 'The log is damaged',
};

export interface FindingGroup {
  readonly code: Finding['code'];
  readonly severity: Finding['severity'];
  readonly invariant: Finding['invariant'];
  /** How often, of which some are listed. */
  readonly count: number;
  readonly findings: readonly Finding[];
}

/** Findings by code: violations first, then in the order of the log. */
export function groupsOf({
  findings,
  countByCode,
}: Pick<Audited, 'findings' | 'countByCode'>): readonly FindingGroup[] {
  const groups = new Map<Finding['code'], Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.code);
    if (group === undefined) groups.set(finding.code, [finding]);
    else group.push(finding);
  }
  return [...groups]
    .flatMap(([code, of]) => {
      const [first] = of;
      if (first === undefined) return [];
      const { severity, invariant } = first;
      return [{ code, severity, invariant, count: countByCode.get(code) ?? of.length, findings: of }];
    })
    .sort((one, other) => weight(one) - weight(other));
}

function weight({ severity }: FindingGroup): number {
  return severity === 'violation' ? 0 : 1;
}

/** The whole report, to be kept. Its names are those of `parley audit --json`. */
export function reportJson(
  audited: Audited,
  { from, auditedAt }: { readonly from: string; readonly auditedAt: string },
): object {
  const { shard, eventCount, batchCount, intentionCount, confirmedDealCount, countByCode } = audited;
  return {
    ...{ kind: 'audit', from, auditedAt, shard, result: verdictWords[verdictOf(audited)] },
    ...{ events: eventCount, batches: batchCount, intentions: intentionCount, deals: confirmedDealCount },
    ...{ violations: audited.violationCount, notes: audited.noteCount, digest: audited.digest },
    ...{ anchor: audited.anchor ?? null, damaged: audited.isDamaged, notJudged: audited.notJudged },
    countByCode: Object.fromEntries(countByCode),
    findings: audited.findings,
  };
}
