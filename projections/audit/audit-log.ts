import { DamagedLogError, type ShardLog } from '../../src/log/port.js';
import { AuditFold, type AuditReport } from './audit-fold.js';

export interface AuditOptions {
  /** Called after each batch with the position up to which the log has been checked. */
  readonly onProgress?: ((position: number) => void) | undefined;
}

/**
 * Audits a shard's log, from its first event to its head. A damaged log is a finding like others: with the place in the
 * medium where it was seen, and nothing read beyond it.
 */
export async function auditLog(log: ShardLog, options: AuditOptions = {}): Promise<AuditReport> {
  const fold = new AuditFold();
  try {
    for await (const batch of log.read(0)) {
      fold.auditBatch(batch);
      options.onProgress?.(batch.firstPosition + batch.count);
    }
  } catch (error) {
    if (!(error instanceof DamagedLogError)) throw error;
    fold.damaged('LOG_DAMAGED', error.message);
  }
  return fold.finish();
}
