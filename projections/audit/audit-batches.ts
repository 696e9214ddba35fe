import { DamagedLogError, LogLostError } from '../../src/log/port.js';
import type { MakeSha256 } from '../../src/log/sha256.js';
import type { ReadableLog } from '../read-models.js';
import { AuditFold, type AuditReport } from './audit-fold.js';

/** What somebody knows of a log: the digest of the batch that ended before a position. */
export interface KnownDigest {
  readonly position: number;
  readonly digest: string;
  /** Who says it, for people. */
  readonly source: string;
}

/** What is known of a log beside its events, in words. */
export interface KnownFact {
  readonly position: number;
  readonly message: string;
}

export interface AuditOptions {
  /** Called after each batch with the position up to which the log has been checked. */
  readonly onProgress?: ((position: number) => void) | undefined;
  /** What the log must hold. */
  readonly anchors?: readonly KnownDigest[];
  /** What it does not hold although it did: findings like others. */
  readonly lost?: readonly KnownFact[];
  /** What repairs did to it: notes. */
  readonly repairs?: readonly KnownFact[];
  /** Where it ended at the latest look: it must be readable up to there. */
  readonly head?: number;
}

export interface LogAudit extends AuditReport {
  /** What could not be judged, and why, for people. */
  readonly notJudged: readonly string[];
}

/**
 * Audits a shard's log, from its first event to its head. A damaged log is a finding like others: with the place in the
 * medium where it was seen, and nothing read beyond it. `sha256`: what the seals of batches are checked with.
 */
export async function auditBatches(
  log: ReadableLog,
  sha256: MakeSha256,
  options: AuditOptions = {},
): Promise<LogAudit> {
  const { anchors = [], lost = [], repairs = [], head = 0 } = options;
  const fold = new AuditFold(sha256);
  const wanted = new Set(anchors.map(({ position }) => position));
  const digests = new Map<number, string>();
  try {
    for await (const batch of log.read(0)) {
      fold.auditBatch(batch);
      if (wanted.has(fold.readTo)) digests.set(fold.readTo, fold.digest);
      options.onProgress?.(batch.firstPosition + batch.count);
    }
  } catch (error) {
    if (error instanceof DamagedLogError) fold.damaged('LOG_DAMAGED', error.message);
    else if (error instanceof LogLostError) fold.damaged('LOG_LOST', error.message);
    else throw error;
  }
  for (const { position, message } of lost) fold.reportBeside('LOG_LOST', position, message);
  for (const { position, message } of repairs) fold.reportBeside('LOG_REPAIRED', position, message);
  if (!fold.isDamaged && fold.readTo < head) {
    fold.reportBeside('LOG_LOST', fold.readTo, `the log ends before position ${head}, but cannot be read beyond here`);
  }
  const notJudged = heldAgainst(fold, anchors, digests);
  return { ...fold.finish(), notJudged };
}

/** Reports what is not held. Returns what lies beyond damage. */
function heldAgainst(
  fold: AuditFold,
  anchors: readonly KnownDigest[],
  digests: ReadonlyMap<number, string>,
): readonly string[] {
  const notJudged: string[] = [];
  for (const { position, digest, source } of anchors) {
    const held = digests.get(position);
    if (held === digest) continue;
    const anchor = `the anchor ${position}:${digest} of ${source}`;
    if (fold.isDamaged && position > fold.readTo) notJudged.push(`${anchor} lies behind what can be read of the log`);
    else fold.reportBeside('ANCHOR_NOT_HELD', position, `${anchor} is not held: ${instead(fold, position, held)}`);
  }
  return notJudged;
}

function instead({ readTo }: AuditFold, position: number, held: string | undefined): string {
  if (position > readTo) return `the log ends before position ${readTo}`;
  return held === undefined ? 'no batch ends there' : `the batch that ends there has the digest ${held}`;
}
