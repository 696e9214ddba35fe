import { nodeSha256 } from '../../src/log/node-sha256.js';
import type { ReadableLog } from '../read-models.js';
import { auditBatches, type AuditOptions, type LogAudit } from './audit-batches.js';

/** Audits a shard's log as `auditBatches` does, with Node's SHA-256. */
export function auditLog(log: ReadableLog, options: AuditOptions = {}): Promise<LogAudit> {
  return auditBatches(log, nodeSha256, options);
}
